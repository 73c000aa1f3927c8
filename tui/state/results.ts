import type { Better, EventOf } from "../../src/contracts/events.ts";

type ResultEvent = EventOf<"eval.result">;
type DifferenceEvent = EventOf<"eval.difference">;

/** A measured value, with its 95 % interval if there is one. */
export interface Measured {
  value: number;
  low?: number;
  high?: number;
}

/** One line of the benchmark table. */
export interface ResultRow {
  benchmark: string;
  /** "" for the whole benchmark. */
  slice: string;
  metric: string;
  better: Better;
  n: number;
  /** Rows whose prompts were cut, of the model of which most were. */
  cut?: { rows: number; share: number };
  byModel: ReadonlyMap<string, Measured>;
  /** For two models: the difference measured item by item; null until it is known. */
  difference: Measured | null;
}

/** The results so far, in the order of their first values. */
export interface Results {
  readonly models: readonly string[];
  readonly rows: ReadonlyMap<string, ResultRow>;
  /** The row that changed most recently. */
  readonly latest: string;
}

export const emptyResults: Results = { models: [], rows: new Map(), latest: "" };

/** Adds a result. A second value for the same row and model replaces the first. */
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
  const cuts = [before?.cut, event.cut].filter((cut) => cut !== undefined);
  const cut = cuts.toSorted((a, b) => b.share - a.share)[0];
  const row = { benchmark, slice, metric, better, n, byModel, difference, ...(cut && { cut }) };
  return {
    models: results.models.includes(model) ? results.models : [...results.models, model],
    rows: new Map(results.rows).set(key, row),
    latest: key,
  };
}

/** Adds the difference of two models to a row. */
export function addDifference(results: Results, event: DifferenceEvent): Results {
  const { benchmark, slice, metric, better, n, value, low, high } = event;
  const key = JSON.stringify([benchmark, slice, metric]);
  const row = results.rows.get(key) ?? { benchmark, slice, metric, better, n, byModel: new Map() };
  const rows = new Map(results.rows).set(key, { ...row, difference: { value, low, high } });
  return { ...results, rows, latest: key };
}

/** The change from the first model to the second; null unless there are two models and both have a value. */
export function differenceOf(row: ResultRow, models: readonly string[]): Measured | null {
  if (row.difference) return row.difference;
  const [before, after] = models.map((model) => row.byModel.get(model));
  return models.length === 2 && before && after ? { value: after.value - before.value } : null;
}

/** Whether a difference is better, worse or neither: neither when its interval contains 0. */
export function verdict(better: Better, { value, low, high }: Measured): "better" | "worse" | "same" {
  if (low !== undefined && high !== undefined && low <= 0 && high >= 0) return "same";
  const gain = better === "lower" ? -value : value;
  return gain > 0 ? "better" : gain < 0 ? "worse" : "same";
}
