import type { Command } from "commander";
import { stageCommand } from "../recipe/stage-command.ts";

/** `zebra mix`: up to the packs. */
export function registerMix(program: Command): void {
  stageCommand(program, "mix", {
    summary: "mix and pack the examples",
    description:
      "Mix and pack the examples into training and validation packs. " +
      "Makes the data first where it is missing or out of date.",
    examples: [
      ["zebra mix recipes/quickstart.yaml", "writes runs/quickstart/mix"],
      ["zebra mix recipes/quickstart.yaml mix.packing=none", "one example a pack"],
    ],
  });
}
