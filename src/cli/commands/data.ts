import type { Command } from "commander";
import { stagesUpTo } from "../../run/stages.ts";
import { exit, exitCode, UsageError } from "../exit.ts";
import { outputMode } from "../output.ts";
import { addExamples, recipeCommand } from "../recipe-command.ts";

/** `zebra data`: the first stage. */
export function registerData(program: Command): void {
  const command = recipeCommand(
    program,
    "data",
    "turn sources into canonical examples",
    "Turn the recipe's sources into canonical examples, with a ledger of every row and a card for each dataset.",
  ).action(async (recipePath: string, overrides: string[], flags: { plain?: boolean; json?: boolean }) => {
    const { runRecipe } = await import("../run-recipe.ts");
    await exit(
      await runRecipe({ recipePath, overrides, mode: outputMode(flags), stages: stagesUpTo("data") }),
    );
  });
  addExamples(command, [
    ["zebra data recipes/quickstart.yaml", "writes runs/quickstart/data"],
    [
      "zebra data recipes/quickstart.yaml data.datasets.0.limit=100",
      "at most 100 examples of the first dataset",
    ],
  ]);
  registerPush(command);
}

/** `zebra data push`: the first stage's outputs to the Hub. */
function registerPush(data: Command): void {
  const command = data
    .command("push")
    .summary("upload a run's data to the Hugging Face Hub")
    .description(
      "Upload a run's examples, cards, ledger and manifest to a dataset of the Hugging Face Hub, as one commit. Needs HF_TOKEN.",
    )
    .argument("<run>", "the folder of a run")
    .requiredOption("--repo <owner/name>", "the dataset on the Hub; made where there is none", repoName)
    .option("--private", "make it private, and refuse one that is public", false)
    .option("--dry-run", "say what would be uploaded, and upload nothing", false)
    .action(async (run: string, flags: { repo: string; private: boolean; dryRun: boolean }) => {
      const { pushRunData } = await import("../push-data.ts");
      await pushRunData(run, { ...flags, writeLine: (line) => process.stdout.write(`${line}\n`) });
      await exit(exitCode.ok);
    });
  addExamples(command, [
    ["zebra data push runs/quickstart --repo owner/name --dry-run", "what would be uploaded"],
    [
      "HF_TOKEN=… zebra data push runs/quickstart --repo owner/name --private",
      "upload it for your eyes only",
    ],
  ]);
}

function repoName(text: string): string {
  if (/^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/.test(text)) return text;
  throw new UsageError(`--repo: expected owner/name, got ${JSON.stringify(text)}`);
}
