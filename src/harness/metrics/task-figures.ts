import type { HarnessAggregation } from "./aggregations/aggregations.ts";
import { aggregations } from "./aggregations/aggregations.ts";
import { standardError } from "./aggregations/standard-error.ts";
import type { PreparedMetric } from "./prepare.ts";

/** Figures of a task or a group, by `metric,filter`, as the harness names them. */
export interface Figures {
  /** Numbers of `metric,filter`. */
  values: Readonly<Record<string, number>>;
  /** Standard errors of `metric,filter`; "N/A" where there is none. */
  errors: Readonly<Record<string, number | "N/A">>;
  /** Rows that were scored: by its weight in a group. */
  sampleLen: number;
  warnings: readonly string[];
}

/** What all rows were given for a metric, after a filter pipeline. Rows that failed are not among them. */
export interface MetricItems {
  metric: string;
  filter: string;
  items: readonly unknown[];
}

/** How many resamplings a bootstrap has where nobody says another number, as in the harness. */
export const defaultBootstrapIters = 100_000;

/**
 * Puts what rows were given into the figures of a task. Throws MetricError where an aggregation cannot be
 * computed from these items.
 */
export function taskFigures(
  metrics: readonly PreparedMetric[],
  given: readonly MetricItems[],
  bootstrapIters = defaultBootstrapIters,
): Figures {
  const values: Record<string, number> = {};
  const errors: Record<string, number | "N/A"> = {};
  const warnings: string[] = [];
  const counts: string[] = [];
  let sampleLen = 0;
  for (const { metric, filter, items } of given) {
    if (items.length === 0) {
      warnings.push(`${metric},${filter}: no row has a value for it, so it has no figure`);
      continue;
    }
    const key = `${metric},${filter}`;
    const aggregation = aggregationOf(metric, metrics, warnings);
    values[key] = aggregation.ofItems(items);
    errors[key] = standardError(metric, aggregation, items, bootstrapIters);
    sampleLen = Math.max(sampleLen, items.length);
    counts.push(`${key} ${items.length}`);
  }
  if (given.some(({ items }) => items.length > 0 && items.length !== sampleLen))
    warnings.push(
      `metrics have values of different numbers of rows (${counts.join(", ")}): ` +
        `in groups each weighs ${sampleLen}, as in the harness`,
    );
  return { values, errors, sampleLen, warnings };
}

function aggregationOf(
  metric: string,
  metrics: readonly PreparedMetric[],
  warnings: string[],
): HarnessAggregation {
  const found = metrics.find(({ name }) => name === metric);
  if (found) return found.aggregation;
  const warning = `metric ${metric}: the task says no aggregation for it, so its mean is taken`;
  if (!warnings.includes(warning)) warnings.push(warning);
  return aggregations.find(({ name }) => name === "mean")!;
}
