import { type Command, Option } from "commander";
import { exit, exitCode } from "../exit.ts";
import { type Goal, goals } from "../init/goal.ts";
import { invokedAs } from "../invocation.ts";
import { writeNote } from "../output/note.ts";
import { addExamples } from "../recipe/recipe-command.ts";

interface InitFlags {
  for?: Goal;
  data?: string[];
  base?: string;
  task?: string;
  force: boolean;
  yes: boolean;
}

/** `zebra init`: a recipe for one's own data. */
export function registerInit(program: Command): void {
  const command = program
    .command("init")
    .summary("write a recipe for your own files")
    .description(
      "Look at files and write a recipe for them that runs as it is, with a comment at each thing that one " +
        "may want to change. In a terminal it asks for what the options do not say. Sizes are chosen for " +
        "the data, the model and this machine.",
    )
    .argument("[file]", "recipe to write", "zebra.yaml")
    .addOption(
      new Option("--for <goal>", "what it is for (default: by the files)").choices(Object.keys(goals)),
    )
    .option(
      "--data <paths...>",
      "files and folders: Markdown, text, HTML, PDF, or rows; with --for hub: owner/name",
    )
    .option("--base <checkpoint>", "model to start from: a folder, or one that ships by name (zebra-nano-4k)")
    .option("--task <list>", "of summarization,qa,writing: what is built of documents, or what the rows are")
    .option("--force", "write over a file", false)
    .option("--yes", "ask nothing", false)
    .action(async (file: string, flags: InitFlags) => {
      const { ask, LeftQuestions, tasksNamed } = await import("../init/ask.ts");
      const { init, refuseExisting } = await import("../init/init.ts");
      const { for: goal, data, base, task, force } = flags;
      const given = {
        file,
        ...(goal && { goal }),
        ...(data && { data }),
        ...(base !== undefined && { base }),
        ...(task !== undefined && { tasks: tasksNamed(task) }),
      };
      const isAsked = !flags.yes && process.stdin.isTTY && process.stdout.isTTY;
      // Before anybody answers five questions for nothing.
      if (!force) refuseExisting(file);
      try {
        await init(isAsked ? await ask(given) : given, {
          force,
          writeLine: (line) => process.stdout.write(`${line}\n`),
          zebra: invokedAs(),
        });
      } catch (error) {
        if (!(error instanceof LeftQuestions)) throw error;
        process.stdout.write("\n");
        writeNote("nothing was written");
        await exit(exitCode.stopped);
      }
      await exit(exitCode.ok);
    });
  addExamples(command, [
    ["zebra init", "asks"],
    ["zebra init notes.yaml --data notes/ manual.pdf", "answers, summaries and texts made from documents"],
    ["zebra init chat.yaml --data rows.jsonl --task qa --yes", "conversations"],
    ["zebra init hub.yaml --for hub --data owner/name --task summarization", "a dataset of the Hub"],
    [
      "zebra init long.yaml --for lcat --data books/ --base models/my-llama",
      "two recipes: a Llama becomes a Zebra, then learns from the documents",
    ],
  ]);
}
