import type { Command } from "commander";
import { parse } from "yaml";
import { unknownKey, written } from "../../recipe/unknown-key.ts";
import { program } from "../invocation.ts";

/** Options of other tools, by name, where a recipe is run. Keys of recipes are known without being here. */
export const inRecipes: Readonly<Record<string, string>> = {
  model: "model.checkpoint=",
  checkpoint: "model.checkpoint=",
  m: "model.checkpoint=",
  config: "the recipe is the first argument, without an option",
  recipe: "the recipe is the first argument, without an option",
  c: "the recipe is the first argument, without an option",
  f: "the recipe is the first argument, without an option",
  o: "output_dir=",
  out: "output_dir=",
  out_dir: "output_dir=",
  dataset: "data.datasets.0.path=",
  dataset_name: "data.datasets.0.hub=",
  data: "data.datasets.0.path=",
  train_file: "data.datasets.0.path=",
  gpu: "finetune.device=cuda",
  gpus: "a run is one process on one device: finetune.device=cuda",
  num_gpus: "a run is one process on one device: finetune.device=cuda",
  cuda: "finetune.device=cuda",
  cpu: "finetune.device=cpu eval.device=cpu",
  device: "finetune.device= for training, eval.device= for the benchmarks",
  lora: "finetune.method=lora",
  qlora: "finetune.method=lora, whose frozen weights are not quantized",
  steps: "finetune.max_steps=",
  batch: "finetune.packs_per_step=",
  tasks: "benchmarks are in the recipe: eval.benchmarks",
  limit: "data.datasets.0.limit= of a dataset, eval.benchmarks.0.limit= of a benchmark",
  resume: "the same command goes on where it was stopped",
  continue: "the same command goes on where it was stopped",
  overwrite: "what depends on a change is made again by itself; output_dir=DIR for another folder",
  force: "what depends on a change is made again by itself; output_dir=DIR for another folder",
  dry_run: "zebra plan RECIPE says memory and time, and runs nothing",
  verbose: "--plain has all in lines, and ZEBRA_DEBUG=1 the stack of an error",
  v: "--plain has all in lines, and zebra --version the version",
  debug: "ZEBRA_DEBUG=1 shows the stack of an error",
  quiet: "there is none: 2>/dev/null or >/dev/null, and the exit code says how it ended",
  q: "there is none: 2>/dev/null or >/dev/null, and the exit code says how it ended",
  log_level: "--plain has all in lines, and ZEBRA_DEBUG=1 the stack of an error",
  threads: "there is none: the engine takes the cores that there are",
  workers: "there is none: the engine takes the cores that there are",
};

/** The same for the commands without a recipe. */
export const inCommands: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  zebra: {
    v: "--version",
    config: "zebra run RECIPE",
    list: "zebra --help lists the commands",
  },
  generate: {
    m: "--checkpoint",
    adapter: "--checkpoint, with --base for the model that it belongs to",
    lora: "--checkpoint, with --base for the model that it belongs to",
    p: "--prompt",
    input: "--prompt, or --prompt-file",
    file: "--prompt-file",
    context: "--context-file",
    gpu: "--device cuda",
    cuda: "--device cuda",
    cpu: "--device cpu",
    n: "--max-new-tokens",
    max_tokens: "--max-new-tokens",
    max_length: "--max-new-tokens",
    max_new_token: "--max-new-tokens",
    do_sample: "--temperature above 0",
    greedy: "--temperature 0, which is the default",
    raw: "--no-chat",
    stream: "the text is always written while it is generated",
  },
  init: {
    model: "--base",
    checkpoint: "--base",
    dataset: "--data",
    path: "--data",
    input: "--data",
    docs: "--data",
    hub: "--for hub --data OWNER/NAME",
    goal: "--for",
    o: "the file to write is the first argument: zebra init my.yaml",
    output: "the file to write is the first argument: zebra init my.yaml",
    out: "the file to write is the first argument: zebra init my.yaml",
    overwrite: "--force",
    y: "--yes",
  },
  compare: {
    o: "--html",
    output: "--html",
    out: "--html",
  },
  inspect: {
    n: "--limit",
    id: "--example",
    output: "--html",
  },
  convert: {
    o: "the folder to write is the second argument",
    output: "the folder to write is the second argument",
    out: "the folder to write is the second argument",
    window_size: "--window",
  },
  merge: {
    o: "the folder to write is the second argument",
    output: "the folder to write is the second argument",
    out: "the folder to write is the second argument",
    model: "--base",
    base_model: "--base",
  },
  "import-recipe": {
    o: "the recipe to write is the second argument",
    output: "the recipe to write is the second argument",
    out: "the recipe to write is the second argument",
  },
  why: { id: "the id is the first argument" },
  push: { repo_id: "--repo", hub: "--repo" },
};

/** Makes a command say what is meant here by options that it does not have. */
export function explainOptions(command: Command): void {
  command.configureOutput({
    outputError: (text, write) => {
      const flag = /^error: unknown option '(--?[^']+)'/.exec(text)?.[1];
      const meant = flag === undefined ? undefined : meantBy(command, flag, process.argv);
      write(meant === undefined ? text : `error: unknown option '${flag}'\n${meant}\n`);
    },
  });
  for (const each of command.commands) explainOptions(each);
}

/** What an option is here, as a sentence; undefined where nobody knows. */
export function meantBy(command: Command, flag: string, argv: readonly string[]): string | undefined {
  const [, name, given] = /^--?([^=]+)=?(.*)$/s.exec(flag)!;
  const key = name!.replaceAll("-", "_");
  const own = inCommands[command.name()];
  if (own !== undefined && Object.hasOwn(own, key)) return said(`${own[key]}`);
  if (!command.registeredArguments.some((one) => one.name() === "overrides")) return undefined;
  const next = argv[argv.indexOf(flag) + 1];
  const value = given || (next === undefined || next.startsWith("-") ? "" : next);
  const known = Object.hasOwn(inRecipes, key) ? inRecipes[key] : undefined;
  if (known !== undefined) return said(known.endsWith("=") ? asKey(`${known}${value || "…"}`) : known);
  const { message, instead } = unknownKey([key], value === "" ? null : yamlOf(value), []);
  if (instead !== undefined) return said(asKey(written(instead, null).replace("write ", "")));
  const why = message.replace(/^unknown key [^;]*; /, "");
  return why === "none are known" ? undefined : said(why.replace(/^there is no such key here: /, "none; "));
}

/** As a recipe has it, a text where it is no YAML. */
function yamlOf(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return text;
  }
}

const said = (meant: string): string => `(Here: ${meant.replace(/^zebra /, `${program()} `)})`;
const asKey = (override: string): string =>
  `a key of the recipe, written after it without dashes: ${override}`;
