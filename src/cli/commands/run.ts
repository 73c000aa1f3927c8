import type { Command } from "commander";
import { exit } from "../exit.ts";
import { type OutputFlags, outputMode } from "../output/output.ts";
import { addExamples, recipeCommand } from "../recipe/recipe-command.ts";

interface RunFlags extends OutputFlags {
  sweep?: string;
}

/** `zebra run`: all stages. */
export function registerRun(program: Command): void {
  const command = recipeCommand(
    program,
    "run",
    "run a recipe from source texts to report",
    "Run a recipe from source texts to report: data, mix, finetune, eval. Stages whose inputs did not " +
      "change are skipped; the same command continues a stopped run.",
  )
    .option(
      "--sweep <key=values>",
      "one run for each value, each in <output_dir>-<value>, and a table at the end",
    )
    .action(async (recipePath: string, overrides: string[], flags: RunFlags) => {
      const options = { recipePath, overrides, mode: outputMode(flags) };
      if (flags.sweep !== undefined) {
        const { parseSweep, runSweep } = await import("../recipe/sweep.ts");
        const writeLine = (line: string) => process.stdout.write(`${line}\n`);
        await exit(await runSweep(options, parseSweep(flags.sweep), writeLine));
      }
      const { runRecipe } = await import("../recipe/run-recipe.ts");
      await exit(await runRecipe(options));
    });
  addExamples(command, [
    ["zebra run recipes/quickstart.yaml", "the whole quick start, with a live screen in a terminal"],
    [
      "zebra run recipes/quickstart.yaml finetune.lr=1e-4 output_dir=runs/lr-1e-4",
      "another learning rate, in a folder of its own",
    ],
    [
      "zebra run recipes/quickstart.yaml --sweep mix.long_fraction=0,0.2,0.4",
      "three mixes of short and long, and their results side by side",
    ],
    ["zebra run recipes/quickstart.yaml --json > events.ndjson", "events for other programs"],
  ]);
}
