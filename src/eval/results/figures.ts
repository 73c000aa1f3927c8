import type { Better } from "../../contracts/events.ts";
import { randomOf } from "../../random.ts";
import type { Benchmark, Score } from "../benchmark.ts";

/**
 * One line of results.json. `low` and `high` bound a 95 % bootstrap interval over items; a single item has
 * none.
 */
export interface Figure {
  slice: string;
  metric: string;
  better: Better;
  value: number;
  low?: number;
  high?: number;
  /** Number of items that contribute. */
  n: number;
}

/** Two models compared on the items that both have answered. */
export interface Comparison {
  slice: string;
  metric: string;
  better: Better;
  before: number;
  after: number;
  /** after − before. Its interval is paired: both models' items are resampled together. */
  difference: number;
  low?: number;
  high?: number;
  n: number;
}

const resamples = 1000;

/** The contribution of each item to one figure; null for an item that failed. */
type Contributions = (Score | null)[];

/** Σ sum / Σ weight for every slice and metric, and the metrics derived from them, with intervals. */
export function figuresOf(items: readonly (readonly Score[])[], metrics: Benchmark["metrics"]): Figure[] {
  return expand(items, metrics).map(({ slice, metric, better, scores, of }) => {
    const values = bootstrap([scores]).map(([value]) => of(value!));
    const n = scores.filter(Boolean).length;
    return { slice, metric, better, value: of(mean(scores)), ...interval(values), n };
  });
}

/** Figures of two models on the same items in the same order, and the interval of their difference. */
export function compare(
  before: readonly (readonly Score[])[],
  after: readonly (readonly Score[])[],
  metrics: Benchmark["metrics"],
): Comparison[] {
  const others = new Map(expand(after, metrics).map((one) => [`${one.slice}\n${one.metric}`, one]));
  return expand(before, metrics).flatMap(({ slice, metric, better, scores, of }) => {
    const other = others.get(`${slice}\n${metric}`);
    if (!other) return [];
    const paired = scores.flatMap((score, i) => (score && other.scores[i] ? [i] : []));
    if (paired.length === 0) return [];
    const differences = bootstrap([scores, other.scores]).map(([a, b]) => of(b!) - of(a!));
    const [from, to] = [of(mean(scores, paired)), of(mean(other.scores, paired))];
    const values = { before: from, after: to, difference: to - from };
    return [{ slice, metric, better, ...values, ...interval(differences), n: paired.length }];
  });
}

interface Series {
  slice: string;
  metric: string;
  better: Better;
  scores: Contributions;
  of: (mean: number) => number;
}

function expand(items: readonly (readonly Score[])[], metrics: Benchmark["metrics"]): Series[] {
  const series = new Map<string, Series>();
  for (const [i, scores] of items.entries()) {
    for (const score of scores) {
      const key = `${score.slice}\n${score.metric}`;
      let one = series.get(key);
      if (!one) {
        const { slice, metric } = score;
        const better = metrics[metric]?.better;
        if (!better)
          throw new RangeError(`expected a metric of the benchmark, got ${JSON.stringify(metric)}`);
        const none = Array<Score | null>(items.length).fill(null);
        one = { slice, metric, better, scores: none, of: (value) => value };
        series.set(key, one);
      }
      one.scores[i] = score;
    }
  }
  const plain = [...series.values()];
  const more = Object.entries(metrics).flatMap(([metric, { better, derived }]) =>
    plain
      .filter((one) => one.metric === derived?.from)
      .map((one) => ({ ...one, metric, better, of: derived!.of })),
  );
  return [...plain, ...more];
}

function mean(scores: Contributions, pick?: Iterable<number>): number {
  let sum = 0;
  let weight = 0;
  const add = (score: Score | null | undefined): void => {
    if (!score) return;
    sum += score.sum;
    weight += score.weight;
  };
  if (pick) for (const i of pick) add(scores[i]);
  else scores.forEach(add);
  return sum / weight;
}

/** Means of each column over the same resampled items. Only items that are in every column count. */
function bootstrap(columns: readonly Contributions[]): number[][] {
  const random = randomOf(columns[0]!.length, "bootstrap");
  const present = columns[0]!.flatMap((score, i) =>
    score && columns.every((column) => column[i]) ? [i] : [],
  );
  if (present.length < 2) return []; // one item tells nothing about the spread
  return Array.from({ length: resamples }, () => {
    const pick = Int32Array.from(present, () => present[random.below(present.length)]!);
    return columns.map((column) => mean(column, pick));
  });
}

/** The 2.5 and 97.5 percentiles (Efron 1979). */
function interval(values: number[]): { low?: number; high?: number } {
  if (values.length === 0) return {};
  const sorted = values.sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  return { low: at(0.025), high: at(0.975) };
}
