import { createHash } from "node:crypto";
import type { Static, TProperties } from "@sinclair/typebox";
import type { Better } from "../contracts/events.ts";
import type { Example } from "../contracts/example.ts";
import type { Truncate } from "../contracts/recipe/eval.ts";
import type { BenchmarkSpec } from "../contracts/recipe.ts";
import { ConfigError } from "../errors.ts";
import type { ZebraModel } from "../model/api.ts";
import { type OptionsSchema, readOptions } from "../recipe/options.ts";
import { type Mapping, mapping } from "../schema.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import type { HeldOut } from "./held-out.ts";

/** What every benchmark may use. */
export interface Environment {
  tokenizer: Tokenizer;
  heldOut: HeldOut;
  /** Longest prompt with its answer. */
  maxSeqTokens: number;
  /** What is done with a prompt that leaves no room for its answer. */
  truncate: Truncate;
  /** At most this many items. */
  limit: number;
}

/** One question to a model, the same for every model. */
export type Item = { id: string } & Question;

/** An item without its id. Ids are unique in a benchmark. */
export type Question = Checked & (Scored | Prompted);

interface Checked {
  /** Context was taken out of its middle, or a document cut at its end, to fit `maxSeqTokens`. */
  isShortened: boolean;
  /** Tokens that were cut of it; left out: none. */
  tokensCut?: number;
  /**
   * Hash of the tokens that the model is given and of the right answers: a logged answer with another hash is
   * not used.
   */
  inputHash: string;
  /** What the question is about: questions about one document are not independent. */
  document?: string;
  /** The right answers, or choices with the place of the right one: for controls that ask no model. */
  gold?: { answers: readonly string[] } | { choices: readonly string[]; right: number };
  /** What is asked and its document as texts, to be looked for among training rows. */
  texts?(): { question: string; document: string };
}

/** Asks the model itself, for example for the likelihood of texts. */
interface Scored {
  ask(model: ZebraModel): Promise<Answer>;
}

/** Asks for a greedy continuation; those of several items are generated side by side. */
export interface Prompted {
  prompt: Int32Array;
  maxNewTokens: number;
  tokenizer: Tokenizer;
  /**
   * The answer is taken as it is decoded, white space and all, and ends as another project's does; left out:
   * it ends as the model's answers do, and is trimmed.
   */
  verbatim?: Verbatim;
  judge(prediction: string): Promise<Answer>;
}

export interface Verbatim {
  /** Ids that end an answer beside the model's own. */
  stopIds: readonly number[];
  /** None of them ends it before so many tokens. */
  minNewTokens: number;
}

/** A prompt as people read it. */
export interface ShownPrompt {
  /** What is asked; where the document was, it says `[document]`. */
  text: string;
  /** The ends of the document. */
  document?: string;
}

export interface Answer {
  scores: Score[];
  /** Logs of older versions have only its tail. */
  prompt?: ShownPrompt;
  promptTail: string;
  target: string;
  prediction: string;
  /** Tokens of the prompt or document. */
  tokens: number;
  /** The answer was cut off at its `maxNewTokens`: the model had not ended it. */
  isCut?: boolean;
}

/**
 * A contribution to one figure: figures are Σ sum / Σ weight over items. Slice "" is the whole benchmark.
 */
export interface Score {
  slice: string;
  metric: string;
  sum: number;
  weight: number;
}

export interface Prepared {
  items: Item[];
  /** Held-out examples of the benchmark's task that it cannot use, by reason. */
  skipped: Record<string, number>;
  /** In what form it asks, where figures depend on it. */
  how?: string;
  /** Where its questions come from, and whose rules it follows, where that is another project's. */
  source?: BenchmarkSource;
  /** What it makes of a model's answers beside the figures, once all are there. */
  outcome?(label: string, predictions: ReadonlyMap<string, string>): Outcome;
}

export interface BenchmarkSource {
  /** The project and its commit. */
  follows: string;
  /** As the recipe says it. */
  data: string;
  /** The commit of a dataset of the Hub. */
  revision?: string;
}

/** What another project's own scripts would have made of the answers. */
export interface Outcome {
  /** Its score as it prints it; undefined where its scripts are needed for that. */
  printed?: Record<string, unknown>;
  /** Texts of files in its form, by their paths below `eval`. */
  files: Record<string, string>;
}

export interface Metric {
  better: Better;
  /** Made from the weighted mean of another metric: perplexity is exp of nats a token. */
  derived?: { from: string; of: (mean: number) => number };
}

/** Metrics of which more is better. */
export function rising<const Name extends string>(...names: Name[]): Record<Name, Metric> {
  return Object.fromEntries(names.map((name) => [name, { better: "higher" }])) as Record<Name, Metric>;
}

/** A benchmark: one file in `benchmarks/`, one line in its index. */
export interface Benchmark extends Asking {
  options: OptionsSchema;
  /**
   * The items for the limit and the options of a recipe. Throws ConfigError for options that it does not
   * take.
   */
  items(environment: Omit<Environment, "limit">, spec: BenchmarkSpec): Promise<Prepared>;
}

/** What the results of a benchmark mean. */
export interface Asking {
  /** Items where the recipe sets no `limit`. */
  defaultLimit: number;
  /** What it asks about, where that is not just any example of its task: for a warning that there is none. */
  asksAbout?: string;
  /** The metric that sums it up in a verdict, over all its items, and the name that people know it by. */
  headline: { metric: string; name: string };
  /** Every metric that its items are scored by, and those derived from them. */
  metrics: Readonly<Record<string, Metric>>;
  /** It can ask the same without documents, or with them shuffled: it takes `HeldOut.change`. */
  isControlled?: true;
  /** Slices that only results.json and the report have: too many, of too few items, for a table. */
  details?: RegExp;
  /** Metrics that others are made from, and that are not shown. */
  hidden?: RegExp;
}

/** Makes a benchmark from its options, as TypeBox, and a function that makes its items from them. */
export function defineBenchmark<P extends TProperties>(
  benchmark: Asking & {
    options: P;
    items(environment: Environment, options: Static<Mapping<P>>): Promise<Prepared>;
  },
): Benchmark {
  const { options, items, ...asking } = benchmark;
  const schema = mapping(options);
  return {
    ...asking,
    options: schema,
    async items(environment, { name, limit = asking.defaultLimit, options: given }) {
      const problems: string[] = [];
      const chosen = readOptions(schema, given, `${name}.options`, problems);
      if (chosen === null) throw new ConfigError("eval.benchmarks", problems);
      return items({ ...environment, limit }, chosen);
    },
  };
}

/** One score for the whole and one for each slice. */
export function scoresIn(slices: readonly string[], metrics: Record<string, number>): Score[] {
  return ["", ...slices].flatMap((slice) =>
    Object.entries(metrics).map(([metric, sum]) => ({ slice, metric, sum, weight: 1 })),
  );
}

/** The document of an example, by its dataset: what tells questions about the same one. */
export function documentName({ source }: Example): string {
  return `${source.dataset}/${source.document}`;
}

/** Slice of an example: "short" or "long", where it says which. */
export function lengthSlice({ meta }: Example): string[] {
  return typeof meta.length === "string" ? [meta.length] : [];
}

/** The hash for `Item.inputHash`: of what a model is given, and of what its answer is compared with. */
export function hashInput(sequences: readonly Int32Array[], expected: readonly string[] = []): string {
  const hash = createHash("sha256");
  for (const ids of sequences) hash.update(`${ids.length}:`).update(ids);
  return hash.update(JSON.stringify(expected)).digest("hex");
}
