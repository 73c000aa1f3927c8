import type { Better, RunEvent } from "../src/contracts/events.ts";

type ResultEvent = Extract<RunEvent, { type: "eval.result" }>;
type DifferenceEvent = Extract<RunEvent, { type: "eval.difference" }>;

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
  better: Better;
  n: number;
  byModel: ReadonlyMap<string, Measured>;
  /** Of two models, measured item by item; null until it is told. */
  difference: Measured | null;
}

/** Results so far, in the order they came first. */
export interface Results {
  readonly models: readonly string[];
  readonly rows: ReadonlyMap<string, ResultRow>;
  /** The row that changed last. */
  readonly latest: string;
}

export const emptyResults: Results = { models: [], rows: new Map(), latest: "" };

/** The results with one more; a second value of the same row and model replaces the first. */
export function addResult(results: Results, event: ResultEvent): Results {
  const { benchmark, slice, metric, better, n, model, value, low, high } = event;
  const key = JSON.stringify([benchmark, slice, metric]);
  const measured: Measured = {
    value,
    ...(low !== undefined && { low }),
    ...(high !== undefined && { high }),
  };
  const before = results.rows.get(key);
  const byModel = new Map(before?.byModel).set(model, measured);
  const difference = before?.difference ?? null;
  return {
    models: results.models.includes(model) ? results.models : [...results.models, model],
    rows: new Map(results.rows).set(key, { benchmark, slice, metric, better, n, byModel, difference }),
    latest: key,
  };
}

/** The results with the difference of two models in one row. */
export function addDifference(results: Results, event: DifferenceEvent): Results {
  const { benchmark, slice, metric, better, n, value, low, high } = event;
  const key = JSON.stringify([benchmark, slice, metric]);
  const row = results.rows.get(key) ?? { benchmark, slice, metric, better, n, byModel: new Map() };
  const rows = new Map(results.rows).set(key, { ...row, difference: { value, low, high } });
  return { ...results, rows, latest: key };
}

/** The change from the first model to the second; null unless two are compared and both are there. */
export function differenceOf(row: ResultRow, models: readonly string[]): Measured | null {
  if (row.difference) return row.difference;
  const [before, after] = models.map((model) => row.byModel.get(model));
  return models.length === 2 && before && after ? { value: after.value - before.value } : null;
}

/** Whether a difference is for the better, for the worse, or neither as far as is known: its interval holds 0. */
export function verdict(better: Better, { value, low, high }: Measured): "better" | "worse" | "same" {
  if (low !== undefined && high !== undefined && low <= 0 && high >= 0) return "same";
  const gain = better === "lower" ? -value : value;
  return gain > 0 ? "better" : gain < 0 ? "worse" : "same";
}
