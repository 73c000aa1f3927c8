import type { TokenCounts } from "../../../harness/respondent.ts";
import type { OutputType } from "../../../harness/task-config.ts";

/** What a run of task files comes to, written as `results.json`. */
export interface TaskResults {
  version: 1;
  /** Whose semantics these are. */
  follows: "lm_eval 0.4.13";
  settings: Record<string, unknown>;
  /** By name, in the order in which they were asked. */
  tasks: Record<string, TaskResult>;
  groups: Record<string, GroupResult>;
  /** Of everything: oddities that are mirrored, rows that failed, results that look wrong. */
  warnings: string[];
}

/** What the choices of a task come to without any model, and where the model's stand. */
export interface TaskControls {
  /** Always the choice in the place in which most right ones stand, from 1. */
  majority: { position: number; value: number; n: number };
  positions: {
    position: number;
    /** Rows whose right choice stands there, and those of them answered rightly. */
    n: number;
    right: number;
    /** Rows in which the likeliest choice stands there. */
    chosen: number;
  }[];
}

export interface TaskResult {
  task: string;
  alias: string;
  file: string;
  /** Where its rows come from, with the configuration: a name on the Hub, a folder, or a kind of file. */
  dataset: string;
  output_type: OutputType;
  version: unknown;
  num_fewshot: number;
  /** The commit of a dataset of the Hub. */
  revision?: string;
  n_samples: { original: number; effective: number; failed: number };
  /** `metric,filter` → figure. */
  figures: Record<string, TaskFigure>;
  tokens: {
    /** Of all prompts and answers together. */
    prompt: number;
    answer: number;
    /** Rows of which a prompt was cut at its beginning, and the tokens cut of them. */
    cutRows: number;
    cut: number;
  };
  /** Of multiple choice: what its score is held against. */
  controls?: TaskControls;
  /** sha256 of every prompt in order: two results with the same were asked the same. */
  prompts_sha256: string;
  warnings: string[];
}

export interface TaskFigure {
  metric: string;
  filter: string;
  value: number;
  /** As upstream; "N/A" where it has none. */
  stderr: number | "N/A";
  /** How rows are put together: `mean`, `perplexity` … */
  aggregation: string;
  higher_is_better: boolean;
}

export interface GroupResult {
  group: string;
  alias: string;
  version: unknown;
  members: string[];
  sample_len: number;
  figures: Record<string, TaskFigure>;
}

/** One line of `samples/<task>.jsonl`: a row under one filter. */
export interface TaskSample {
  doc_id: number;
  filter: string;
  /** The row as its dataset has it. */
  doc: unknown;
  /** sha256 of the row: its name wherever the file is. */
  doc_hash: string;
  target: unknown;
  /** As asked, whole. */
  arguments: readonly (readonly unknown[])[];
  resps: unknown[];
  filtered_resps: unknown[];
  metrics: Record<string, unknown>;
  /** One for each request, in the order of `resps`. */
  tokens: TokenCounts[][];
  /** The row is in no figure. */
  error?: string;
}
