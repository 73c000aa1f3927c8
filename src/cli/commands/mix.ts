import type { Command } from "commander";
import { stagesUpTo } from "../../run/stages.ts";
import { exit } from "../exit.ts";
import { outputMode } from "../output/output.ts";
import { addExamples, recipeCommand } from "../recipe-command.ts";

/** `zebra mix`: up to the packs. */
export function registerMix(program: Command): void {
  const command = recipeCommand(
    program,
    "mix",
    "mix and pack the examples",
    "Mix and pack the examples into training and validation packs. Makes the data first where it is missing or out of date.",
  ).action(async (recipePath: string, overrides: string[], flags: { plain?: boolean; json?: boolean }) => {
    const { runRecipe } = await import("../run-recipe.ts");
    await exit(
      await runRecipe({ recipePath, overrides, mode: outputMode(flags), stages: stagesUpTo("mix") }),
    );
  });
  addExamples(command, [
    ["zebra mix recipes/quickstart.yaml", "writes runs/quickstart/mix"],
    ["zebra mix recipes/quickstart.yaml mix.packing=none", "one example a pack"],
  ]);
}
