import type { RunEvent } from "../src/run/events.ts";

type ResultEvent = Extract<RunEvent, { type: "eval.result" }>;

/** A measured value, with its 95 % interval where there is one. */
export interface Measured {
  value: number;
  low?: number;
  high?: number;
}

/** One line of the benchmark table. */
export interface ResultRow {
  benchmark: string;
  /** "" for the whole. */
  slice: string;
  metric: string;
  n: number;
  byModel: ReadonlyMap<string, Measured>;
}

/** Results so far, in the order they came first. */
export interface Results {
  readonly models: readonly string[];
  readonly rows: ReadonlyMap<string, ResultRow>;
  /** The row that changed last. */
  readonly latest: string;
}

/** Results under this label are no model's: a change measured item by item, which can have an interval of its own. */
export const differenceLabel = "difference";

export const emptyResults: Results = { models: [], rows: new Map(), latest: "" };

/** The results with one more; a second value of the same row and model replaces the first. */
export function addResult(results: Results, event: ResultEvent): Results {
  const { benchmark, slice, metric, n, model, value, low, high } = event;
  const key = JSON.stringify([benchmark, slice, metric]);
  const measured: Measured = {
    value,
    ...(low !== undefined && { low }),
    ...(high !== undefined && { high }),
  };
  const byModel = new Map(results.rows.get(key)?.byModel).set(model, measured);
  return {
    models:
      results.models.includes(model) || model === differenceLabel
        ? results.models
        : [...results.models, model],
    rows: new Map(results.rows).set(key, { benchmark, slice, metric, n, byModel }),
    latest: key,
  };
}

/** The change from the first model to the second; null unless two are compared and both are there. */
export function differenceOf(row: ResultRow, models: readonly string[]): Measured | null {
  const measured = row.byModel.get(differenceLabel);
  if (measured) return measured;
  const [before, after] = models.map((model) => row.byModel.get(model));
  return models.length === 2 && before && after ? { value: after.value - before.value } : null;
}

/** Metrics whose lower values are better; of all others that are known to have a direction, higher ones are. */
const lowerIsBetter = /perplexity|ppl|loss|nats|bits|nll/i;
const higherIsBetter = /accuracy|exact|match|f1|rouge|recall|precision|bleu|score/i;

/** Whether a difference is for the better, the worse, or neither that we know of. */
export function verdict(metric: string, difference: number): "better" | "worse" | "same" {
  const sign = lowerIsBetter.test(metric) ? -1 : higherIsBetter.test(metric) ? 1 : 0;
  const gain = sign * difference;
  return gain > 0 ? "better" : gain < 0 ? "worse" : "same";
}
