import type { Command } from "commander";
import { stageCommand } from "../recipe/stage-command.ts";

/** `zebra finetune`: up to the tuned checkpoint. */
export function registerFinetune(program: Command): void {
  stageCommand(program, "finetune", {
    summary: "tune the recipe's model on the packs",
    description:
      "Fine-tune the recipe's model on its packs. Makes data and packs first where they are missing or " +
      "out of date; continues from the newest checkpoint after a stop.",
    examples: [
      ["zebra finetune recipes/quickstart.yaml", "writes runs/quickstart/train/final"],
      [
        "zebra finetune recipes/quickstart.yaml finetune.max_steps=5 output_dir=runs/try",
        "a short try, in a folder of its own",
      ],
    ],
  });
}
