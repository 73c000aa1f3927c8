import type { Command } from "commander";
import { stagesUpTo } from "../../run/stages.ts";
import { exit } from "../exit.ts";
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
}
