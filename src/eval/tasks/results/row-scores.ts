import type { Better } from "../../../contracts/events.ts";
import type { Asking, Metric, Score } from "../../benchmark.ts";
import type { TaskFigure, TaskSample } from "./task-results.ts";

/** A figure of a task that rows add up to, as results keep it. */
export interface TaskMetric {
  /** `acc`, or with a filter that has a name `exact_match,whole`. */
  name: string;
  better: Better;
  /** How the figure comes from the mean over rows, or over their words or bytes. */
  aggregation: RowAggregation;
}

export type RowAggregation = keyof typeof fromMean;

/** Means of log-likelihoods in nats, by row, word or byte, → the figure. */
const fromMean = {
  mean: undefined,
  perplexity: (nats: number) => Math.exp(-nats),
  weighted_perplexity: (nats: number) => Math.exp(-nats),
  bits_per_byte: (nats: number) => -nats / Math.LN2,
} as const satisfies Record<string, ((mean: number) => number) | undefined>;

export function metricName({ metric, filter }: Pick<TaskFigure, "metric" | "filter">): string {
  return filter === "none" ? metric : `${metric},${filter}`;
}

/** The figures of a task that have an interval: others (F1, BLEU …) are of all rows together. */
export function rowMetrics(
  figures: readonly Omit<TaskFigure, "value" | "stderr">[] | Readonly<Record<string, TaskFigure>>,
): TaskMetric[] {
  return Object.values(figures).flatMap((figure): TaskMetric[] => {
    const { aggregation, higher_is_better } = figure;
    if (!Object.hasOwn(fromMean, aggregation)) return [];
    const better = higher_is_better ? "higher" : "lower";
    return [{ name: metricName(figure), better, aggregation: aggregation as RowAggregation }];
  });
}

/** The mean from which a figure comes is a figure itself, but none that is shown. */
const meanOf = (name: string): string => `mean of ${name}`;
const hidden = /^mean of /;

/** Metrics of a task as those of benchmarks are: figures, intervals and comparisons come from them. */
export function taskAsking(metrics: readonly TaskMetric[]): Asking {
  const all: Record<string, Metric> = {};
  for (const { name, better, aggregation } of metrics) {
    const of = fromMean[aggregation];
    if (of) all[meanOf(name)] = { better: better === "lower" ? "higher" : "lower" };
    all[name] = { better, ...(of && { derived: { from: meanOf(name), of } }) };
  }
  const headline = metrics[0]?.name ?? "";
  return {
    defaultLimit: Number.POSITIVE_INFINITY,
    headline: { metric: headline, name: headline },
    metrics: all,
    hidden,
  };
}

export function isShown(metric: string): boolean {
  return !hidden.test(metric);
}

/** What each row adds to the figures, in the order of the rows; nothing of a row that failed. */
export function rowScores(
  metrics: readonly TaskMetric[],
  samples: readonly Pick<TaskSample, "doc_id" | "filter" | "metrics" | "error">[],
): Map<number, Score[]> {
  const rows = new Map<number, Score[]>();
  for (const { doc_id, filter, metrics: values, error } of samples) {
    const scores = rows.get(doc_id) ?? [];
    rows.set(doc_id, scores);
    if (error !== undefined) continue;
    for (const [metric, value] of Object.entries(values)) {
      const known = metrics.find(({ name }) => name === metricName({ metric, filter }));
      if (!known) continue;
      const [sum, weight] = Array.isArray(value) ? value : [value, 1];
      if (typeof sum !== "number" || typeof weight !== "number") continue;
      const { name } = known;
      scores.push({ slice: "", metric: fromMean[known.aggregation] ? meanOf(name) : name, sum, weight });
    }
  }
  return rows;
}
