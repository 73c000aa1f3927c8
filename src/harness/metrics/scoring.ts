import type { Value } from "../../jinja/values/values.ts";
import type { OutputType } from "../task-config.ts";
import type { PreparedMetric } from "./prepare.ts";

/** What scoring needs to know of a task. */
export interface ScoringTask {
  output_type: OutputType;
  metrics: readonly PreparedMetric[];
  /** Of the first row: see `shapeOf`. */
  shape: TargetShape;
}

/** What a task's fields are for one row. */
export interface EvaluatedRow {
  /** Of `doc_to_choice`; undefined where the task has none. */
  choices?: Value;
  /** Of `doc_to_target`. */
  target: Value;
  /** Of `doc_to_text`: read only where it is the number of a choice. */
  text?: Value;
}

/** What the harness reads off the first row, for all of them. */
export interface TargetShape {
  /** `doc_to_text` is a number: choices are contexts, which have one continuation. */
  hasMultipleInputs: boolean;
  /** `doc_to_target` is a list: right is what any of them is. */
  hasMultipleTargets: boolean;
}

export interface RowScore {
  /** By metric: a number, or a pair for the aggregations that take one. */
  items: Record<string, unknown>;
  /** What a reader of the results should know of this row. */
  warning?: string;
}

export interface LogLikelihoodPair {
  logLikelihood: number;
  isGreedy: boolean;
}
