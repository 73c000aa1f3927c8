import { type Command, InvalidArgumentError, Option } from "commander";
import { UsageError } from "../exit.ts";

/** Options of `zebra eval --tasks`. */
export interface TaskFlags {
  tasks?: string[];
  includePath?: string[];
  data?: string[];
  numFewshot?: number;
  fewshotSeed: number;
  limit?: number;
  sample?: number;
  samples?: Record<string, number[]>;
  applyChatTemplate?: boolean;
  fewshotAsMultiturn?: boolean;
  systemInstruction?: string;
  genKwargs?: string;
  maxLength?: number;
  batchSize?: number;
  endpoint?: string[];
  cache?: string;
  output?: string;
}

const group = "Task files of lm-evaluation-harness:";

/** Adds the options; all but `--tasks` need it. Names are upstream's, with hyphens. */
export function addTaskOptions(command: Command): Command {
  const options = [
    new Option("--tasks <names...>", "task files, or names of tasks, groups and tags, in place of a recipe"),
    new Option("--include-path <dirs...>", "folders with task files that are known by name"),
    new Option(
      "--data <[name=]dir...>",
      "read a dataset from a folder instead of the Hub: name is a task, group or dataset, or none for a folder " +
        "with several",
    ),
    new Option("--num-fewshot <n>", "examples in each prompt, but for tasks that say 0").argParser(
      wholeNumber,
    ),
    new Option("--fewshot-seed <n>", "seed of the draw of examples").argParser(wholeNumber).default(1234),
    new Option("--limit <n>", "only the first rows of each task; below 1 a share of them")
      .argParser(aboveZero)
      .conflicts(["sample", "samples"]),
    new Option("--sample <n>", "so many rows of each task, chosen by the hash of what is in them")
      .argParser(fromOne)
      .conflicts("samples"),
    new Option("--samples <json>", 'rows by task, as JSON: {"arc_easy": [0, 7]}').argParser(rowsByTask),
    new Option("--apply-chat-template", "prompts as conversations by the checkpoint's chat template"),
    new Option("--fewshot-as-multiturn", "with it, examples as turns of their own"),
    new Option("--system-instruction <text>", "the system's message, before a task's description"),
    new Option("--gen-kwargs <list>", "over generation_kwargs of task files: max_gen_toks=64,temperature=0"),
    new Option(
      "--endpoint <key=value...>",
      "ask a model behind an OpenAI-compatible server, in place of or after checkpoints: url=http://localhost:" +
        "8000/v1 model=NAME, and kind=chat, tokenizer=DIR, max_length=8192, max_cost=1 …",
    ),
    new Option(
      "--max-length <n>",
      "longest prompt with its answer, in tokens (default: the model's)",
    ).argParser(fromOne),
    new Option("--batch-size <n>", "answers that are generated side by side").argParser(fromOne),
    new Option("--cache <dir>", "folder where answers are kept (default: in the output folder)"),
    new Option("--output <dir>", "folder for results and samples (default: runs/tasks)"),
  ];
  for (const option of options) command.addOption(option.helpGroup(group));
  return command;
}

/** What was given that only goes with `--tasks`. */
export function refuseTaskFlags(flags: TaskFlags): void {
  const { tasks, fewshotSeed, ...others } = flags;
  const names: (keyof typeof others)[] = [
    "includePath",
    "data",
    "numFewshot",
    "limit",
    "sample",
    "samples",
    "applyChatTemplate",
    "fewshotAsMultiturn",
    "systemInstruction",
    "genKwargs",
    "maxLength",
    "batchSize",
    "endpoint",
    "cache",
    "output",
  ];
  const given = names.find((name) => others[name] !== undefined);
  if (given === undefined) return;
  const option = `--${given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new UsageError(`${option}: expected --tasks beside it, got none. In a recipe write eval.tasks`);
}

function numberFrom(text: string, expected: string, isFit: (n: number) => boolean): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!isFit(value)) throw new InvalidArgumentError(`expected ${expected}, got ${JSON.stringify(text)}`);
  return value;
}

function wholeNumber(text: string): number {
  return numberFrom(text, "a whole number", (n) => Number.isSafeInteger(n) && n >= 0);
}

function fromOne(text: string): number {
  return numberFrom(text, "a whole number from 1", (n) => Number.isSafeInteger(n) && n >= 1);
}

function aboveZero(text: string): number {
  return numberFrom(
    text,
    "a whole number, or a share below 1",
    (n) => n > 0 && (n < 1 || Number.isSafeInteger(n)),
  );
}

function rowsByTask(text: string): Record<string, number[]> {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      const lists = Object.values(value);
      const isRow = (row: unknown) => Number.isSafeInteger(row) && (row as number) >= 0;
      if (lists.every((list) => Array.isArray(list) && list.length > 0 && list.every(isRow)))
        return value as Record<string, number[]>;
    }
  } catch {
    // told below
  }
  throw new InvalidArgumentError(`expected lists of rows by task, as {"arc_easy": [0, 7]}, got ${text}`);
}
