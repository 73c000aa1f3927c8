import type { Command } from "commander";
import { type StageName, stageOrder } from "../../contracts/events.ts";
import { exit } from "../exit.ts";
import { type OutputFlags, outputMode } from "../output/output.ts";
import { addExamples, type Examples, recipeCommand } from "./recipe-command.ts";

export interface StageHelp {
  summary: string;
  description: string;
  examples: Examples;
}

/** `zebra STAGE RECIPE`: runs a recipe up to this stage. */
export function stageCommand(program: Command, stage: StageName, help: StageHelp): Command {
  const stages = stageOrder.slice(0, stageOrder.indexOf(stage) + 1);
  const command = recipeCommand(program, stage, help.summary, help.description).action(
    async (recipePath: string, overrides: string[], flags: OutputFlags) => {
      const { runRecipe } = await import("./run-recipe.ts");
      await exit(await runRecipe({ recipePath, overrides, mode: outputMode(flags), stages }));
    },
  );
  return addExamples(command, help.examples);
}
