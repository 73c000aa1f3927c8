import { type Command, Option } from "commander";
import { exit, exitCode, UsageError } from "../exit.ts";
import type { InspectOptions } from "../inspect/inspect-packs.ts";
import { writeNote } from "../output/note.ts";
import { styleFor } from "../output/style.ts";
import { addExamples } from "../recipe/recipe-command.ts";

type InspectFlags = Omit<InspectOptions, "style" | "writeLine" | "note">;

/** `zebra inspect`: packs as the model sees them. */
export function registerInspect(program: Command): void {
  const command = program
    .command("inspect")
    .summary("print examples as the model sees them")
    .description(
      "Print examples as the model sees them, special tokens and all, with the trained tokens marked.",
    )
    .argument("<recipe-or-run>", "a recipe, or the folder of a run")
    .argument("[overrides...]", "key.path=value, the same as for the run (output_dir=…)")
    .addOption(new Option("--split <name>", "which packs").choices(["train", "validation"]).default("train"))
    .addOption(
      new Option("--pack <n>", "all examples of this pack (0-based)").argParser(index).conflicts("example"),
    )
    .option("--example <id>", "the example with this id, wherever it is")
    .option("--limit <n>", "at most this many examples (default: 3, or the whole pack)", index)
    .option("--tokens", "a line for each token: position, id, whether trained, text")
    .option("--dropped", "rows that were dropped or changed, by reason, with a few of each (--limit)")
    .option("--reason <name>", "of --dropped, this reason only")
    .option("--diff <run>", "the folder of another run: how its mix differs")
    .option("--html <file>", "write an HTML page to this file instead of lines")
    .action(async (target: string, overrides: string[], flags: InspectFlags) => {
      const { inspectPacks } = await import("../inspect/inspect-packs.ts");
      await inspectPacks(target, overrides, {
        ...flags,
        style: styleFor(process.stdout),
        writeLine: (line) => process.stdout.write(`${line}\n`),
        note: writeNote,
      });
      await exit(exitCode.ok);
    });
  addExamples(command, [
    ["zebra inspect recipes/quickstart.yaml", "the first three training examples"],
    [
      "zebra inspect runs/quickstart --split validation --pack 0 --tokens",
      "every token of the first validation pack",
    ],
    ["zebra inspect runs/quickstart --limit 100 | less -R", "many examples, in a pager"],
    ["zebra inspect runs/quickstart --dropped --reason over_length", "what was too long"],
    ["zebra inspect runs/quickstart --diff runs/other", "two versions of a mix"],
    ["zebra inspect runs/quickstart --html mix.html", "all of it as an HTML page"],
  ]);
}

function index(text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`expected a whole number, got ${JSON.stringify(text)}`);
  return Number(text);
}
