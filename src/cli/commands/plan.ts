import type { Command } from "commander";
import { exit, exitCode } from "../exit.ts";
import { addExamples } from "../recipe/recipe-command.ts";

/** `zebra plan`: what a recipe will take, before it runs. */
export function registerPlan(program: Command): void {
  const command = program
    .command("plan")
    .summary("forecast a recipe's memory and time")
    .description(
      "Parameters, floating-point operations and memory of a recipe, Zebra beside full attention, and " +
        "a forecast of peak memory, time by stage and disk. Memory is counted by the training's own code " +
        "on a device that computes nothing; time comes from a few seconds of calibration on this machine. If " +
        "the packs of this very recipe exist (`zebra mix`), the forecast is for those; else the plan says " +
        "what it assumes.",
    )
    .argument("<recipe>", "recipe file")
    .argument("[overrides...]", "key.path=value, replacing what the recipe says")
    .option("--json", "one JSON object on stdout instead of the tables")
    .action(async (recipePath: string, overrides: string[], flags: { json?: boolean }) => {
      const { plan } = await import("../plan/plan.ts");
      await plan(recipePath, overrides, {
        isJson: flags.json === true,
        writeLine: (line) => process.stdout.write(`${line}\n`),
      });
      await exit(exitCode.ok);
    });
  addExamples(command, [
    ["zebra plan recipes/quickstart.yaml", "before anything is made"],
    [
      "zebra mix recipes/quickstart.yaml && zebra plan recipes/quickstart.yaml",
      "for the packs it will train on",
    ],
    [
      "zebra plan recipes/quickstart.yaml mix.max_seq_tokens=8192 finetune.activation_checkpointing=layer",
      "would longer packs fit?",
    ],
  ]);
}
