import { DataError } from "../../errors.ts";
import { applyFilters, defaultPipeline } from "../../harness/filters/apply.ts";
import { type PreparedMetric, prepareMetrics } from "../../harness/metrics/prepare.ts";
import { logLikelihoodPair, scoreRow } from "../../harness/metrics/score-row.ts";
import type { EvaluatedRow, RowScore, ScoringTask } from "../../harness/metrics/scoring.ts";
import { type Figures, taskFigures } from "../../harness/metrics/task-figures.ts";
import { hashOf } from "../../harness/requests/choose-rows.ts";
import type { TaskDocument } from "../../harness/requests/documents.ts";
import { numberOf, plainOf } from "../../harness/requests/plain.ts";
import type { TaskConfig } from "../../harness/task-config.ts";
import { PyDict, PyFloat, type Value } from "../../jinja/values/values.ts";
import type { Asked } from "./ask-task.ts";
import type { PreparedTask } from "./prepared-task.ts";
import type { TaskFigure, TaskSample } from "./results/task-results.ts";

export interface ScoredTask {
  figures: Record<string, TaskFigure>;
  /** As metrics of groups need them. */
  raw: Figures;
  /** In the order of upstream's logs: all rows of a filter, then those of the next. */
  samples: TaskSample[];
  /** Rows that are in no figure. */
  failed: number;
  warnings: string[];
}

/**
 * Resamplings for the standard errors of figures that are no mean. Upstream takes 100,000, which give two
 * digits more and take a hundred times as long.
 */
const bootstrapIters = 1000;

type FilterPipeline = NonNullable<TaskConfig["filter_list"]>[number];

/** A row under one filter: what is logged, and what its figures are made from. */
export interface ScoredRow {
  sample: TaskSample;
  /** By metric; none of a row that failed. */
  items: Readonly<Record<string, unknown>>;
  warning?: string;
}

/** Scores rows one at a time, so that a running evaluation can show them. Each is scored once. */
export interface RowScorer {
  metrics: readonly PreparedMetric[];
  warnings: readonly string[];
  /** One for each filter, in their order. */
  score(document: number, answers: readonly Asked[][]): ScoredRow[];
}

export function rowScorer({ config, made: { documents, shape } }: PreparedTask): RowScorer {
  const { metrics, warnings } = prepareMetrics(config);
  const scoring: ScoringTask = { output_type: config.output_type, metrics, shape };
  const scored = new Map<number, ScoredRow[]>();
  const scoreRowWith = (
    { name, filter }: FilterPipeline,
    document: TaskDocument,
    answers: readonly Asked[][],
  ): ScoredRow => {
    const sample = sampleOf(config, document, answers, name);
    try {
      if (document.error !== undefined) throw new DataError(document.error);
      const results = filtered(filter, document, answers);
      sample.filtered_resps = results.map(plainOf);
      const { items, warning }: RowScore = config.process_results
        ? { items: config.process_results.ofResults(document.row, results) }
        : scoreRow(scoring, evaluated(document), results);
      sample.metrics = Object.fromEntries(
        Object.entries(items).map(([metric, value]) => [metric, plainItem(value)]),
      );
      return { sample, items, ...(warning !== undefined && { warning }) };
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      sample.error = error.message;
      return { sample, items: {} };
    }
  };
  return {
    metrics,
    warnings,
    score(document, answers) {
      const known = scored.get(document);
      if (known) return known;
      const rows = (config.filter_list ?? [defaultPipeline]).map((filter) =>
        scoreRowWith(filter, documents[document]!, answers),
      );
      scored.set(document, rows);
      return rows;
    },
  };
}

/** Scores what was answered. A row of which an answer or a filter failed is logged, and in no figure. */
export function scoreTask(
  { made: { documents } }: PreparedTask,
  asked: readonly Asked[][][],
  { metrics, warnings, score }: RowScorer,
): ScoredTask {
  const items = new Map<string, { metric: string; filter: string; items: unknown[] }>();
  const failed = new Set<number>();
  const told = new Map<string, number>();
  const rows = [...documents.keys()].map((i) => score(i, asked[i]!));
  // As upstream logs them: all rows of a filter, then those of the next.
  const inOrder = (rows[0] ?? []).flatMap((_, f) => rows.map((ofRow) => ofRow[f]!));
  for (const [i, ofRow] of rows.entries())
    if (ofRow.some(({ sample }) => sample.error !== undefined)) failed.add(i);
  for (const { sample, items: values, warning } of inOrder) {
    if (warning !== undefined) told.set(warning, (told.get(warning) ?? 0) + 1);
    const { filter } = sample;
    for (const [metric, value] of Object.entries(values)) {
      const key = `${metric},${filter}`;
      if (!items.has(key)) items.set(key, { metric, filter, items: [] });
      items.get(key)!.items.push(value);
    }
  }
  const raw = taskFigures(metrics, [...items.values()], bootstrapIters);
  const figures: Record<string, TaskFigure> = {};
  for (const { metric, filter } of items.values()) {
    const key = `${metric},${filter}`;
    const value = raw.values[key];
    if (value === undefined) continue;
    figures[key] = { metric, filter, value, stderr: raw.errors[key] ?? "N/A", ...kindOf(metrics, metric) };
  }
  const ofRows = [...told].map(([warning, count]) => (count > 1 ? `${warning} (${count} rows)` : warning));
  const samples = inOrder.map(({ sample }) => sample);
  return { figures, raw, samples, failed: failed.size, warnings: [...warnings, ...ofRows, ...raw.warnings] };
}

/** How rows are put together, and what is better. */
export function kindOf(
  metrics: readonly PreparedMetric[],
  metric: string,
): Pick<TaskFigure, "aggregation" | "higher_is_better"> {
  const prepared = metrics.find(({ name }) => name === metric);
  return {
    aggregation: prepared?.aggregation.name ?? "mean",
    higher_is_better: prepared?.higherIsBetter ?? true,
  };
}

/** What the metrics read of a row. */
export function evaluated({ choices, target, text }: TaskDocument): EvaluatedRow {
  return { ...(choices && { choices }), target, text };
}

/** What a filter pipeline makes of the answers to each of a row's requests. */
function filtered(
  steps: Parameters<typeof applyFilters>[0],
  { row, arguments: all }: TaskDocument,
  answers: readonly Asked[][],
): Value[] {
  const given = answers.map((draws) => draws.map(valueFrom));
  return applyFilters(
    steps,
    given,
    all.map(() => row),
  ).map((result) => {
    if ("error" in result) throw new DataError(result.error);
    return result.value;
  });
}

function valueFrom(answer: Asked): Value {
  if ("error" in answer) throw new DataError(answer.error);
  if ("text" in answer) return answer.text;
  if ("isGreedy" in answer) return logLikelihoodPair(answer);
  return new PyFloat(answer.logLikelihood);
}

function sampleOf(
  config: TaskConfig,
  { docId, row, target, arguments: all }: TaskDocument,
  answers: readonly Asked[][],
  filter: string,
): TaskSample {
  const given = plainOf(PyDict.of(Object.entries(config.generation_kwargs)));
  return {
    doc_id: docId,
    filter,
    doc: plainOf(row),
    doc_hash: hashOf(row),
    target: plainOf(target),
    arguments: config.output_type === "generate_until" ? all.map((texts) => [...texts, given]) : all,
    resps: answers.map((draws) => draws.map(plainAnswer)),
    filtered_resps: [],
    metrics: {},
    tokens: answers.map((draws) => draws.flatMap((one) => ("error" in one ? [] : [one.tokens]))),
  };
}

function plainAnswer(answer: Asked): unknown {
  if ("error" in answer) return { error: answer.error };
  if ("text" in answer) return answer.text;
  const logLikelihood = numberOf(answer.logLikelihood);
  return "isGreedy" in answer ? [logLikelihood, answer.isGreedy] : logLikelihood;
}

/** What a row was given for a metric, as JSON holds it. */
function plainItem(item: unknown): unknown {
  if (typeof item === "number") return numberOf(item);
  if (Array.isArray(item)) return item.map(plainItem);
  return item === null || typeof item !== "object" ? item : plainOf(item as Value);
}
