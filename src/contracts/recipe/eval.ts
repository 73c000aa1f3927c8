import { Type } from "@sinclair/typebox";
import { choice, mapping, optionalText, orNull, text } from "../../schema.ts";
import { splits } from "../example.ts";
import { deviceKey } from "./device.ts";
import { fieldsSchema } from "./fields.ts";
import { formatKey } from "./format.ts";

/** Keys of an entry of `eval.benchmarks`. */
export const benchmarkSchema = mapping(
  {
    name: text("An entry of src/eval/benchmarks, or with `path` a name of your own."),
    path: optionalText("A test set of your own: a local file, or a folder that is read recursively."),
    limit: Type.Optional(
      Type.Integer({ description: "At most this many items, chosen by the hash of their ids.", minimum: 1 }),
    ),
    options: Type.Optional(
      Type.Unsafe<Record<string, string | number | boolean | (string | number)[]>>({
        description: "Settings of the benchmark, or of the format of your own files.",
        type: "object",
        additionalProperties: {
          type: ["string", "number", "boolean", "array"],
          items: { type: ["string", "number"] },
        },
      }),
    ),
    metrics: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description:
          "How answers of your own set are scored (src/eval/scorers); the first sums it up. Default: f1 and " +
          "exact_match where most right answers are short, else rougeL and rouge1.",
        minItems: 1,
        uniqueItems: true,
      }),
    ),
    max_new_tokens: Type.Optional(
      Type.Integer({
        description:
          "Longest answer to your own questions. Default: 32 where most right answers are short, else 256.",
        minimum: 1,
      }),
    ),
    split: Type.Optional(
      choice(splits, {
        description:
          "Of your own folder the files that are asked about, by their names. Default: test where a file is " +
          "named so, else all.",
      }),
    ),
    format: formatKey,
    fields: Type.Optional(fieldsSchema),
  },
  { description: "One benchmark and its settings." },
);

/**
 * Keys of `eval.harness`: how the task files of `eval.tasks` are asked. Names are lm-evaluation-harness's.
 */
export const harnessSchema = mapping(
  {
    include_path: Type.Array(Type.String({ minLength: 1 }), {
      description: "Folders with task files that are known by name, before those that ship.",
      default: [],
    }),
    data: Type.Array(Type.String({ minLength: 1 }), {
      description:
        "Copies of datasets on this machine, read instead of the Hub: `name=dir`, the name being that of a task, " +
        "group or dataset, or `dir` with several.",
      default: [],
    }),
    num_fewshot: orNull(
      Type.Integer({
        description: "Examples in each prompt, but for tasks that say 0. null: as each task says.",
        minimum: 0,
        default: null,
      }),
    ),
    fewshot_seed: Type.Integer({ description: "Seed of the draw of examples.", minimum: 0, default: 1234 }),
    limit: orNull(
      Type.Number({
        description: "Only the first rows of each task; below 1 a share of them. null: all.",
        exclusiveMinimum: 0,
        default: null,
      }),
    ),
    sample: orNull(
      Type.Integer({
        description: "So many rows of each task, chosen by the hash of what is in them. null: all.",
        minimum: 1,
        default: null,
      }),
    ),
    apply_chat_template: Type.Boolean({
      description: "Prompts are conversations by the checkpoint's chat template.",
      default: false,
    }),
    fewshot_as_multiturn: Type.Boolean({
      description: "In conversations, examples are turns of their own.",
      default: false,
    }),
    system_instruction: optionalText("The system's message, before a task's description."),
    gen_kwargs: Type.Optional(
      Type.Unsafe<Record<string, string | number | boolean | string[]>>({
        description: "Over generation_kwargs of the task files: { max_gen_toks: 64 }.",
        type: "object",
        additionalProperties: {
          type: ["string", "number", "boolean", "array"],
          items: { type: "string" },
        },
      }),
    ),
  },
  { description: "How task files are asked.", default: {} },
);

/** What can be done with a prompt that leaves no room for its answer. */
export const truncations = ["middle", "start", "end", "skip", "error"] as const;
export type Truncate = (typeof truncations)[number];
/** What `eval.controls` may name. */
export const controlNames = [
  "no_context",
  "shuffled_context",
  "majority",
  "position",
  "contamination",
] as const;

/** Keys of `eval`. */
export const evalSchema = mapping(
  {
    device: deviceKey,
    benchmarks: Type.Array(benchmarkSchema, {
      description:
        "Entries of the benchmark catalog (src/eval/benchmarks) and test sets of your own, none twice. Empty: " +
        "the stage is left out.",
      default: [],
    }),
    tasks: Type.Array(Type.String({ minLength: 1 }), {
      description:
        "Task files of lm-evaluation-harness: their paths, or names of tasks, groups and tags that ship or are " +
        "below eval.harness.include_path.",
      default: [],
      uniqueItems: true,
    }),
    harness: harnessSchema,
    controls: Type.Array(choice(controlNames), {
      description:
        "What scores are held against: the same questions without their document (no_context) or with its " +
        "sentences shuffled (shuffled_context), which asks the model again; questions and documents that " +
        "training rows have as well (contamination). The commonest right answer (majority) and scores by the " +
        "right choice's place (position) ask nothing and are always there.",
      default: [],
      uniqueItems: true,
    }),
    datasets: orNull(
      Type.Array(Type.String({ minLength: 1 }), {
        description:
          "Datasets of the recipe, by name, whose held-out documents are asked about. null: all. With " +
          "names the questions stay the same when training data is added.",
        minItems: 1,
        uniqueItems: true,
        default: null,
      }),
    ),
    max_seq_tokens: Type.Integer({
      description: "Longest prompt with its answer, in tokens.",
      minimum: 8,
      default: 4096,
    }),
    truncate: choice(truncations, {
      description:
        "What of a document goes where the prompt is longer than that: its middle, start or end; or the row is " +
        "skipped, or the evaluation refused before anything is asked (error). Others' benchmarks and task " +
        "files cut as their own rules say.",
      default: "middle",
    }),
  },
  { description: "What is measured, before and after.", default: {} },
);
