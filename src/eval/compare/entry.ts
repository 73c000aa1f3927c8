import { createHash } from "node:crypto";
import type { Recipe } from "../../contracts/recipe.ts";
import type { Measured } from "../../contracts/verdict.ts";
import type { Asking, Score } from "../benchmark.ts";
import type { Results } from "../results/results.ts";

/** A question as it was asked and what came of it, wherever it was asked. */
export interface AskedItem {
  /** For people. */
  id: string;
  /** The same for the same question with the same right answers: what pairs are found by. */
  content: string;
  /** Of the whole prompt, where the question does not say it. */
  prompt?: string;
  /** What it is about, where others are about the same. */
  document?: string;
  /** None of one that failed. */
  scores: readonly Score[];
}

export interface AskedBenchmark {
  asking: Asking;
  /** Empty where only figures were kept. */
  items: readonly AskedItem[];
  /** The headline as the results have it. */
  value?: Measured & { n: number };
}

/** A model with all that it was asked. */
export interface Entry {
  name: string;
  /** Folder or file of its results. */
  path: string;
  /** By benchmark. */
  asked: ReadonlyMap<string, AskedBenchmark>;
  /** What does not look right about what was read. */
  notes: readonly string[];
  /** "" where it is not known. */
  cost: string;
  recipe?: Recipe;
  /** Of a run of ours: its label there, and what the run says itself. */
  own?: { label: string; results: Results };
}

/** What a folder has: the models that it ends with, the one that they began with, and those between. */
export interface ReadEntries {
  entries: Entry[];
  base?: Entry;
  others?: Entry[];
}

/** A kind of results, known by its files. One file in `sources/` and one line in its index. */
export interface ResultSource {
  /** In words, for messages. */
  about: string;
  takes(path: string): Promise<boolean>;
  /** `name` is for people. Throws DataError with the file and line of what cannot be read. */
  read(path: string, name: string): Promise<ReadEntries>;
}

/** A name of what was asked: equal values have equal ones, in whatever order their keys are. */
export function contentHash(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("hex").slice(0, 32);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key as keyof typeof value])}`)}}`;
}
