import type { StageContext } from "../../contracts/events.ts";
import type { EvalSpec } from "../../contracts/recipe.ts";
import type { LoadedTasks } from "../../harness/files/load-tasks.ts";
import type { ZebraModel } from "../../model/api.ts";
import type { Tokenizer } from "../../tokenizer/tokenizer.ts";
import type { Benchmark, Prepared, Score } from "../benchmark.ts";
import type { Results } from "../results/results.ts";

export interface EvalStageSpec {
  eval: EvalSpec;
  /** The others are compared with the first. */
  models: { label: string; dir: string; base?: string; chatTemplate?: string }[];
  /** The data folder; the questions are about the examples of its test split. */
  dataDir: string;
}

/** An evaluation that is running: what was asked for, and the results so far. */
export interface Evaluation {
  ctx: StageContext;
  spec: EvalStageSpec;
  found: Results;
  /** In the order of the recipe. */
  benchmarks: Benchmark[];
  taskFiles: LoadedTasks;
  /**
   * Items by benchmark and tokenizer: models with the same tokenizer get exactly the same items, made once.
   */
  prepared: Map<string, Prepared>;
  /**
   * Scores of every item (none for a failed one), by the benchmark's place in the recipe or the task's name,
   * then by model.
   */
  scored: Map<string, Map<string, readonly (readonly Score[])[]>>;
  /** The first error of each model's items. */
  errors: Map<string, string>;
  /** Warnings that were given. */
  told: Set<string>;
}

/** A model that is being evaluated. */
export interface EvaluatedModel {
  label: string;
  tokenizer: Tokenizer;
  model: ZebraModel;
}

export function scoresOf({ scored }: Evaluation, key: string): Map<string, readonly (readonly Score[])[]> {
  const byModel = scored.get(key) ?? new Map<string, readonly (readonly Score[])[]>();
  scored.set(key, byModel);
  return byModel;
}
