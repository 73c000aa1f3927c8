import { basename, extname } from "node:path";
import { quoteForShell } from "../../quote.ts";
import { type Budget, maxEpochs, suffixes } from "./budget.ts";
import type { InitTask, Wish } from "./goal.ts";
import type { Found } from "./look.ts";
import type { Settings } from "./settings.ts";

/** What examples of a task are built with, of documents. */
const builders: Record<InitTask, { name: string; options: string; comment: string }> = {
  summarization: {
    name: "chapter-summary",
    options: "",
    comment: "a summary: the front matter's description, else sentences of the text itself",
  },
  qa: {
    name: "document-questions",
    options: ", questions: 1",
    comment: "questions by rule on what a text says; build: { name: teacher } has a model write better ones",
  },
  writing: {
    name: "continuation",
    options: "",
    comment: "how a text goes on: keeps the model's language while it learns the rest",
  },
};

const benchmarks: Record<InitTask, string> = {
  summarization: "{ name: summarization, limit: 10 }",
  qa: "{ name: long-qa, limit: 20 }",
  writing: "",
};

/** A recipe of instruction tuning, with a comment at each thing that one may want to change. */
export function instructRecipe(
  wish: Wish,
  found: readonly Found[],
  settings: Settings,
  after?: string,
): string {
  const { base, tasks, goal, file } = wish;
  const isHeld = goal === "hub" || settings.held.test > 0;
  const hasDocuments = goal === "hub" || found.some(({ withDocument }) => withDocument > 0);
  const asked = [
    ...(hasDocuments ? ["{ name: perplexity, limit: 12 }"] : []),
    ...tasks.map((task) => benchmarks[task]).filter((line) => line !== ""),
  ];
  return lines([
    head(file, after),
    `name: ${value(nameOf(file))}`,
    "seed: 42",
    "",
    "model:",
    `  checkpoint: ${value(base)} # a folder in Hugging Face's form, or a checkpoint that ships, by name`,
    "",
    "data:",
    "  datasets:",
    ...datasetLines(wish, found, settings),
    splitLine(settings, goal === "hub"),
    "",
    "mix:",
    `  max_seq_tokens: ${settings.maxSeqTokens} # longer takes more memory: zebra plan`,
    "  over_length: shorten_context # only the document inside a prompt is ever cut",
    ...budgetLines(settings.budget),
    `  max_epochs: ${maxEpochs} # no example more often than this`,
    "  validation_tokens: 32768",
    "",
    "finetune:",
    "  objective: instruct # the loss is on the answers alone",
    `  method: ${settings.method} # ${settings.method === "full" ? "all weights; lora: a small adapter, for larger models" : "a small adapter; full: all weights"}`,
    `  lr: ${settings.lr}`,
    `  warmup_steps: ${settings.warmupSteps}`,
    "  device: auto # a GPU that is faster than the CPU, else the CPU",
    `  packs_per_step: ${settings.packsPerStep}`,
    "  validate_every_steps: 20",
    "  checkpoint_every_steps: 20",
    "",
    "eval: # measured before and after, on documents that were held out",
    `  max_seq_tokens: ${settings.maxSeqTokens}`,
    ...(!isHeld
      ? ["  benchmarks: [] # too few documents to hold any out"]
      : asked.length === 0
        ? ["  benchmarks: [] # of such rows only the loss is measured"]
        : ["  benchmarks:", ...asked.map((line) => `    - ${line}`)]),
  ]);
}

/** A recipe of long context adaptation on plain documents. */
export function lcatRecipe(
  wish: Wish,
  found: readonly Found[],
  settings: Settings,
  isZebra: boolean,
): string {
  const isHeld = settings.held.test > 0;
  return lines([
    head(wish.file),
    `name: ${value(nameOf(wish.file))}`,
    "seed: 42",
    "",
    "model:",
    `  checkpoint: ${value(wish.base)}`,
    ...(isZebra
      ? ["  # It is a Zebra already: its layers stay as they are."]
      : ["  group: 4 # one layer in four attends to all, the others to a window", "  window: 512"]),
    "",
    "data:",
    "  datasets:",
    ...found.flatMap((one) => source(one)),
    splitLine(settings, false),
    "",
    "mix:",
    "  render: text # whole documents, loss on every token",
    `  max_seq_tokens: ${settings.maxSeqTokens} # the context that the model is to have`,
    "  over_length: split",
    ...budgetLines(settings.textBudget),
    `  max_epochs: ${maxEpochs}`,
    "  validation_tokens: 32768",
    "",
    "finetune:",
    "  objective: lcat",
    "  method: full",
    `  lr: ${settings.lr}`,
    `  warmup_steps: ${settings.warmupSteps}`,
    "  device: auto",
    `  packs_per_step: ${settings.packsPerStep}`,
    "  validate_every_steps: 20",
    "  checkpoint_every_steps: 20",
    "",
    "eval:",
    `  max_seq_tokens: ${settings.maxSeqTokens}`,
    isHeld ? "  benchmarks:" : "  benchmarks: [] # too few documents to hold any out",
    ...(isHeld ? ["    - { name: perplexity, limit: 12 }"] : []),
  ]);
}

function head(file: string, after?: string): string {
  const shown = quoteForShell(file);
  return lines([
    "# Written by zebra init. Every key is described in docs/recipes.md of zebratune.",
    "#",
    ...(after === undefined
      ? []
      : [`#   zebra run ${quoteForShell(after)}   first: this starts from what it makes`]),
    `#   zebra plan ${shown}   memory and time before it runs`,
    `#   zebra run ${shown}    all of it; the same command goes on after Ctrl-C`,
  ]).trimEnd();
}

function datasetLines({ goal, data, tasks }: Wish, found: readonly Found[], settings: Settings): string[] {
  const [task = "qa"] = tasks;
  if (goal === "hub")
    return data.flatMap((hub) => [
      `    - hub: ${value(hub)}`,
      `      task: ${task} # what its answers are: summarization, qa, writing …`,
      "      limit: 2000 # taken evenly",
      "      # fields: { instruction: …, output: … } # where its columns have names of their own",
    ]);
  return found.flatMap((one) => {
    if (one.kind === "rows")
      return [...source(one), `      task: ${task} # what the answers are: summarization, qa, writing …`];
    return tasks.flatMap((each) => builtLines(one, each, settings));
  });
}

function builtLines(one: Found, task: InitTask, { targetTokens, charsPerToken }: Settings): string[] {
  const { name, options, comment } = builders[task];
  const sizes = `target_tokens: [${targetTokens.join(", ")}], chars_per_token: ${charsPerToken}`;
  return [
    `    - name: ${one.name}-${suffixes[task]} # ${comment}`,
    ...source(one).slice(1),
    `      build: { name: ${name}, options: { ${sizes}${options} } }`,
  ];
}

function source({ name, path, format }: Found): string[] {
  return [
    `    - name: ${value(name)}`,
    `      path: ${value(path)}`,
    ...(format === undefined ? [] : [`      format: ${format} # of the files there, these`]),
  ];
}

function budgetLines({ tokens, isAllThereIs, weights }: Budget): string[] {
  const why = isAllThereIs
    ? "all that there is, as often as max_epochs lets it"
    : "about ten minutes of training here";
  const shares = Object.entries(weights).map(([name, weight]) => `${value(name)}: ${weight}`);
  return [
    `  budget_tokens: ${tokens} # ${why}`,
    ...(shares.length === 0 ? [] : [`  weights: { ${shares.join(", ")} } # as much as each has`]),
  ];
}

function splitLine({ split, held }: Settings, isUnknown: boolean): string {
  const line = `  split: { validation: ${split.validation}, test: ${split.test} }`;
  if (isUnknown) return `${line} # shares held out, by document`;
  if (held.test === 0) return `${line} # too few documents to hold any out: nothing is measured`;
  return `${line} # by document: ${held.train} to train on, ${held.validation} and ${held.test} held out`;
}

export function nameOf(file: string): string {
  const base = basename(file, extname(file)).replace(/[^A-Za-z0-9._-]+/g, "-");
  return base.replace(/^[^A-Za-z0-9]+|[-.]+$/g, "") || "mine";
}

/** A text as YAML. */
function value(text: string): string {
  const isPlain = /^[A-Za-z./_][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|[.]+)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}

function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}
