import type { Command } from "commander";
import { stagesUpTo } from "../../run/stages.ts";
import { exit } from "../exit.ts";
import { outputMode } from "../output/output.ts";
import { addExamples, recipeCommand } from "../recipe-command.ts";

/** `zebra finetune`: up to the tuned checkpoint. */
export function registerFinetune(program: Command): void {
  const command = recipeCommand(
    program,
    "finetune",
    "tune the recipe's model on the packs",
    "Fine-tune the recipe's model on its packs. Makes data and packs first where they are missing or out of date; goes on from the newest checkpoint after a stop.",
  ).action(async (recipePath: string, overrides: string[], flags: { plain?: boolean; json?: boolean }) => {
    const { runRecipe } = await import("../run-recipe.ts");
    await exit(
      await runRecipe({ recipePath, overrides, mode: outputMode(flags), stages: stagesUpTo("finetune") }),
    );
  });
  addExamples(command, [
    ["zebra finetune recipes/quickstart.yaml", "writes runs/quickstart/train/final"],
    [
      "zebra finetune recipes/quickstart.yaml finetune.max_steps=5 output_dir=runs/try",
      "a short try, in a folder of its own",
    ],
  ]);
}
