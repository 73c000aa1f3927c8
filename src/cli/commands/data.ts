import type { Command } from "commander";
import { exit, exitCode, UsageError } from "../exit.ts";
import { styleFor } from "../output/style.ts";
import { addExamples } from "../recipe/recipe-command.ts";
import { stageCommand } from "../recipe/stage-command.ts";

/** `zebra data`: the first stage. */
export function registerData(program: Command): void {
  const command = stageCommand(program, "data", {
    summary: "turn sources into canonical examples",
    description:
      "Turn the recipe's sources into canonical examples, with a ledger of every row and a card for " +
      "each dataset.",
    examples: [
      ["zebra data recipes/quickstart.yaml", "writes runs/quickstart/data"],
      [
        "zebra data recipes/quickstart.yaml data.datasets.0.limit=100",
        "at most 100 examples of the first dataset",
      ],
    ],
  });
  registerPush(command);
  registerWhy(command);
}

/** `zebra data why`: what became of one input row. */
function registerWhy(data: Command): void {
  const command = data
    .command("why")
    .summary("what happened to an input row, and why")
    .description(
      "Show from the ledger of a run what happened to an example: kept, changed, shortened or dropped, " +
        "with the reason and, for a copy, what it is a copy of.",
    )
    .argument("<id>", "id of the example, as the ledger has it: <dataset>/<row or name>")
    .option("--run <dir>", "the folder of a run (default: the one under runs/ with the newest data)")
    .action(async (id: string, flags: { run?: string }) => {
      const { printWhy } = await import("../inspect/why.ts");
      await printWhy(id, {
        ...flags,
        style: styleFor(process.stdout),
        writeLine: (line) => process.stdout.write(`${line}\n`),
      });
      await exit(exitCode.ok);
    });
  addExamples(command, [
    ["zebra data why moby-dick/chapter-001/short-summary-0", "in the run with the newest data"],
    ["zebra data why moby-dick/chapter-001/short-summary-0 --run runs/quickstart", "in this run"],
  ]);
}

/** `zebra data push`: the first stage's outputs to the Hub. */
function registerPush(data: Command): void {
  const command = data
    .command("push")
    .summary("upload a run's data to the Hugging Face Hub")
    .description(
      "Upload a run's examples, cards, ledger and manifest to a dataset of the Hugging Face Hub, as " +
        "one commit. Needs HF_TOKEN.",
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
      "upload it so that only you can see it",
    ],
  ]);
}

function repoName(text: string): string {
  if (/^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/.test(text)) return text;
  throw new UsageError(`--repo: expected owner/name, got ${JSON.stringify(text)}`);
}
