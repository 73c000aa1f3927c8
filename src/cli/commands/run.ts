import type { Command } from "commander";
import { exit } from "../exit.ts";
import { outputMode } from "../output.ts";
import { addExamples, recipeCommand } from "../recipe-command.ts";

/** `zebra run`: all stages. */
export function registerRun(program: Command): void {
  const command = recipeCommand(
    program,
    "run",
    "run a recipe from source texts to report",
    "Run a recipe from source texts to report: data, mix, finetune, eval. Stages whose inputs did not change are skipped; a stopped run goes on with the same command.",
  ).action(async (recipePath: string, overrides: string[], flags: { plain?: boolean; json?: boolean }) => {
    const { runRecipe } = await import("../run-recipe.ts");
    await exit(await runRecipe({ recipePath, overrides, mode: outputMode(flags) }));
  });
  addExamples(command, [
    ["zebra run recipes/quickstart.yaml", "the whole quick start, with a live screen in a terminal"],
    [
      "zebra run recipes/quickstart.yaml finetune.lr=1e-4 output_dir=runs/lr-1e-4",
      "another learning rate, in a folder of its own",
    ],
    ["zebra run recipes/quickstart.yaml --json > events.ndjson", "events for other programs"],
  ]);
}
