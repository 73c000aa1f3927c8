import type { PyDict, Value } from "../jinja/values/values.ts";

/**
 * A task of lm-evaluation-harness 0.4.13, as its YAML file says it once includes, overrides and defaults are
 * in. Keys are upstream's. Nothing in it is code: where a file names a Python function (`!function
 * utils.process_docs`), there is a helper of ours that does the same, or the file was refused.
 */
export interface TaskConfig {
  task: string;
  /** The YAML file it was read from: data files and messages are relative to it. */
  file: string;
  task_alias?: string;
  tags: readonly string[];
  dataset_path?: string;
  dataset_name?: string;
  /** `data_files` (a path, a list, or either by split), `data_dir`, `revision` and the like. */
  dataset_kwargs: Readonly<Record<string, Value>>;
  training_split?: string;
  validation_split?: string;
  test_split?: string;
  fewshot_split?: string;
  process_docs?: ProcessDocs;
  doc_to_text?: Field;
  doc_to_target?: Field;
  doc_to_choice?: Field;
  process_results?: ProcessResults;
  description: Field;
  target_delimiter: string;
  fewshot_delimiter: string;
  gen_prefix?: string;
  fewshot_config: FewshotConfig;
  /** undefined: 0, unless the command says another. */
  num_fewshot?: number;
  output_type: OutputType;
  /** undefined where the file has no list: the defaults of the output type. */
  metric_list?: readonly MetricConfig[];
  /** With upstream's defaults (`until`: the delimiter of shots, greedy) where the file leaves them out. */
  generation_kwargs: Readonly<Record<string, Value>>;
  repeats: number;
  filter_list?: readonly { name: string; filter: readonly FilterConfig[] }[];
  should_decontaminate: boolean;
  metadata: Readonly<Record<string, Value>>;
  /** What a reader of the results should know: keys that have no effect, oddities that are mirrored. */
  warnings: readonly string[];
}

export type OutputType = "multiple_choice" | "generate_until" | "loglikelihood" | "loglikelihood_rolling";

/** One row of a dataset: column → value, as Python holds it (1 and 1.0 differ, keys keep their order). */
export type Row = PyDict;

/**
 * How a text, target or list of choices is made of a row: a column's name or a Jinja template (string), a
 * literal (number, list, dict), or a helper that stands for a Python function.
 */
export type Field = string | number | readonly Value[] | PyDict | RowHelper;

/** What all helpers have: the Python that they stand for. */
interface Named {
  /** File and function in lm-evaluation-harness, `hellaswag/utils.process_docs`. */
  standsFor: string;
}
export interface RowHelper extends Named {
  ofRow(row: Row): Value;
}
export interface ProcessDocs extends Named {
  ofRows(rows: readonly Row[]): Row[];
}
/** Scores one row. `results`: texts, or [log-likelihood, is greedy] pairs, after the filters. */
export interface ProcessResults extends Named {
  ofResults(row: Row, results: readonly Value[]): Record<string, unknown>;
}
/** Makes one figure of what rows were given for a metric. */
export interface Aggregation extends Named {
  ofItems(items: readonly unknown[]): number;
}

export interface FewshotConfig {
  sampler: "default" | "first_n";
  split?: string;
  samples?: readonly Row[];
  fewshot_indices?: readonly number[];
  process_docs?: ProcessDocs;
  doc_to_text?: Field;
  doc_to_target?: Field;
  doc_to_choice?: Field;
  gen_prefix?: string;
  fewshot_delimiter: string;
  target_delimiter: string;
}

export interface MetricConfig {
  metric: string;
  /** A name of the harness (`mean`, `median`, `perplexity` …) or a helper; undefined: the metric's own. */
  aggregation?: string | Aggregation;
  higher_is_better?: boolean;
  /** Everything else of the entry: `ignore_case`, `regexes_to_ignore` … */
  options: Readonly<Record<string, Value>>;
}

export interface FilterConfig {
  function: string;
  options: Readonly<Record<string, Value>>;
}

/** A group: its members are put together into one figure. */
export interface GroupConfig {
  group: string;
  file: string;
  group_alias?: string;
  members: readonly Member[];
  aggregate_metric_list?: readonly {
    metric: string;
    /** undefined: every filter that the members have. */
    filter_list?: readonly string[];
    weight_by_size: boolean;
  }[];
  metadata: Readonly<Record<string, Value>>;
}

export type Member = { task: TaskConfig } | { group: GroupConfig };
