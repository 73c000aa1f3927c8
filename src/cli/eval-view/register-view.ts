import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { type SampleFilter, sampleFilters } from "../../contracts/browse.ts";
import { exit } from "../exit.ts";
import { type OutputFlags, outputMode } from "../output/output.ts";
import { addExamples } from "../recipe/recipe-command.ts";

interface ViewFlags extends OutputFlags {
  filter: SampleFilter;
  task?: string;
  search?: string;
}

/** `zebra eval view`: every sample of an evaluation, while it runs and afterwards. */
export function registerView(program: Command): void {
  const command = program
    .command("view")
    .summary("browse the samples of an evaluation, while it runs too")
    .description(
      "Look at every question with its prompt, what is right, and each model's answer and scores: of a run, of " +
        "its compare folder, or of what zebra eval --tasks wrote. New answers of one that runs come by themselves.",
    )
    .argument("<run>", "folder of the run, or the output folder of zebra eval --tasks")
    .addOption(
      new Option("--filter <which>", "which samples are listed").choices(sampleFilters).default("all"),
    )
    .option("--task <name>", "only this benchmark or task")
    .option("--search <text>", "only samples with this text in prompt, answers or what is right")
    .option("--plain", "lines instead of the screen (the default when stdout is not a terminal)")
    .addOption(new Option("--json", "scores and whole samples as NDJSON").conflicts("plain"))
    .action(async (run: string, flags: ViewFlags) => {
      const { evalView } = await import("./eval-view.ts");
      const { filter, task, search } = flags;
      const options = {
        filter,
        ...(task !== undefined && { benchmark: task }),
        ...(search !== undefined && { search }),
      };
      await exit(await evalView(resolve(run), outputMode(flags), options));
    });
  addExamples(command, [
    ["zebra eval view runs/quickstart", "before and after side by side; ? on the screen tells the keys"],
    ["zebra eval view runs/tasks --filter worse", "only what the last model answers worse than the first"],
    ["zebra eval view runs/tasks --task gsm8k --filter wrong --json", "whole samples for another program"],
  ]);
}
