import type { EvalSpec } from "../../contracts/recipe.ts";
import type { BenchmarkSource } from "../benchmark.ts";
import type { ControlResult } from "../controls/control-results.ts";
import type { LengthProfile } from "../lengths/profile.ts";
import type { TaskMetric } from "../tasks/results/row-scores.ts";
import type { GroupResult } from "../tasks/results/task-results.ts";
import type { Cut } from "./cuts.ts";
import type { Comparison, Figure } from "./figures.ts";

/** `eval/results.json`. */
export interface Results {
  version: 1;
  /** `sha256` covers the weights, the config and the tokenizer. */
  models: { label: string; dir: string; base?: string; sha256: string }[];
  settings: EvalSpec;
  results: ({ model: string; benchmark: string; cut?: Cut } & Figure)[];
  /** Every other model compared with the first. */
  comparisons: ({ benchmark: string; baseline: string; model: string } & Comparison)[];
  counts: Count[];
  /** How scores change with length, where a benchmark asks at several. */
  lengths?: LengthProfile[];
  /** What scores are held against, by model and benchmark. */
  controls?: ControlResult[];
  /** Test sets of one's own, by the names that the recipe gives them. */
  own?: Record<string, OwnSet>;
  /** Whose rules benchmarks of other projects follow, and where their questions come from. */
  sources?: Record<string, BenchmarkSource>;
  /** Scores as others' own scripts print them, by benchmark and model. */
  printed?: Record<string, Record<string, unknown>>;
  /** Task files, by their names. */
  tasks?: Record<string, TaskAsked>;
  /** Groups of task files, by model. */
  groups?: Record<string, Record<string, GroupResult>>;
}

/** A task file of lm-evaluation-harness that was asked. */
export interface TaskAsked {
  file: string;
  version: unknown;
  num_fewshot: number;
  /** Figures that rows add up to; the first one sums it up. */
  metrics: TaskMetric[];
}

/** What was read for a test set of one's own, and how it is scored. */
export interface OwnSet {
  path: string;
  /** Checksum of the files that were read. */
  revision: string;
  /** The first one sums it up. */
  metrics: string[];
  max_new_tokens: number;
  /** What of these two the recipe does not say, and was chosen by the right answers. */
  chosen?: string;
  /** Rows that were read, and those of them that cannot be asked about, by reason. */
  rows: number;
  unusable: Record<string, number>;
  /** Questions that rows of the training split ask, too; absent where there is no data folder. */
  overlap?: { questions: number; first: string[] };
}

export interface Count {
  model: string;
  benchmark: string;
  items: number;
  /** Items whose context was cut to fit `max_seq_tokens`. */
  shortened: number;
  /** Tokens that were cut of them. Absent in results of older versions. */
  tokens_cut?: number;
  /** Items that ended in an error. They are in the samples but in no figure. */
  failed: number;
  /** Held-out examples that the benchmark cannot use, by reason. */
  skipped: Record<string, number>;
  /** In what form it asked, where figures depend on it. */
  how?: string;
}

/** Everything that was asked, in the order of the recipe. */
export function benchmarkNames({ settings, tasks = {} }: Pick<Results, "settings" | "tasks">): string[] {
  return [...settings.benchmarks.map(({ name }) => name), ...Object.keys(tasks)];
}
