import { type Command, Option } from "commander";

const overridesHelp =
  "key.path=value, replacing what the recipe says: finetune.lr=3e-4 data.datasets.0.limit=10";

const stopHelp = `
Ctrl-C stops after the work in hand, and the same command goes on from there. A second one says what the
stop waits for, a third leaves at once: work since the last checkpoint is made again then.

Why a run failed, or how to go on after a stop, is on stderr. With --plain, stdout ends with it too where it
is a terminal or a file of its own; where it is a pipe, it ends with the word and the code.`;

/** A command that runs a recipe or part of it: `zebra NAME RECIPE [OVERRIDES…] [--plain | --json]`. */
export function recipeCommand(
  program: Command,
  name: string,
  summary: string,
  description: string,
  { isRecipeOptional = false } = {},
): Command {
  return program
    .command(name)
    .summary(summary)
    .description(description)
    .argument(
      isRecipeOptional ? "[recipe]" : "<recipe>",
      "recipe file (YAML; every key is described in schema/recipe.schema.json)",
    )
    .argument("[overrides...]", overridesHelp)
    .option("--plain", "lines instead of the live screen (the default when stdout is not a terminal)")
    .addOption(new Option("--json", "events as NDJSON on stdout, and nothing else there").conflicts("plain"))
    .addHelpText("after", stopHelp);
}

/** Command lines, each with what it is for. */
export type Examples = readonly (readonly [line: string, purpose: string])[];

/** Adds examples at the end of a command's help. */
export function addExamples(command: Command, examples: Examples): Command {
  const lines = examples.map(([line, purpose]) => `  ${line}\n      ${purpose}`);
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}
