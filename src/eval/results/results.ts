import type { EvalSpec } from "../../contracts/recipe.ts";
import type { Comparison, Figure } from "./figures.ts";

/** `eval/results.json`. */
export interface Results {
  version: 1;
  /** `sha256` covers the weights, the config and the tokenizer. */
  models: { label: string; dir: string; base?: string; sha256: string }[];
  settings: EvalSpec;
  results: ({ model: string; benchmark: string } & Figure)[];
  /** Every other model compared with the first. */
  comparisons: ({ benchmark: string; baseline: string; model: string } & Comparison)[];
  counts: Count[];
}

export interface Count {
  model: string;
  benchmark: string;
  items: number;
  /** Items whose context was cut to fit `max_seq_tokens`. */
  shortened: number;
  /** Items that ended in an error. They are in the samples but in no figure. */
  failed: number;
  /** Held-out examples that the benchmark cannot use, by reason. */
  skipped: Record<string, number>;
}
