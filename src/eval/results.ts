import type { EvalSpec } from "../contracts/recipe.ts";
import type { Comparison, Figure } from "./figures.ts";

/** `eval/results.json`. */
export interface Results {
  version: 1;
  /** `sha256` is over the weights, the config and the tokenizer. */
  models: { label: string; dir: string; base?: string; sha256: string }[];
  settings: EvalSpec;
  results: ({ model: string; benchmark: string } & Figure)[];
  /** Every later model against the first. */
  comparisons: ({ benchmark: string; baseline: string; model: string } & Comparison)[];
  counts: Count[];
}

export interface Count {
  model: string;
  benchmark: string;
  items: number;
  /** Items of which context was cut to fit `max_seq_tokens`. */
  shortened: number;
  /** Items that ended in an error: they are in the samples and in no figure. */
  failed: number;
  /** Held-out examples the benchmark cannot use, by reason. */
  skipped: Record<string, number>;
}
