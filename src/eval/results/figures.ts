import type { Better } from "../../contracts/events.ts";
import type { Benchmark, Score } from "../benchmark.ts";
import type { Part } from "../statistics/clusters.ts";
import { type Spread, spreadOf } from "../statistics/estimate.ts";
import { totalOf } from "../statistics/jackknife.ts";
import { pairedSpreadOf } from "../statistics/paired-spread.ts";

/**
 * One line of results.json. Results of older versions have no more than `low` and `high`, the bootstrap's.
 */
export interface Figure extends Spread {
  slice: string;
  metric: string;
  better: Better;
  value: number;
  /** Number of items that contribute. */
  n: number;
}

/** Two models compared on the items that both have answered. */
export interface Comparison extends Spread {
  slice: string;
  metric: string;
  better: Better;
  before: number;
  after: number;
  /** after − before. Its interval and error are those of the paired differences. */
  difference: number;
  n: number;
  /** Items on which the second model is better, worse, the same. */
  wins?: number;
  losses?: number;
  ties?: number;
  /** Two-sided, by the same method as the interval. */
  p?: number;
  /** McNemar's exact p where items are right or wrong. */
  mcnemar_p?: number;
  /** Holm's p over the headlines of everything that was compared; of headlines alone. */
  p_holm?: number;
}

/** What items are about; questions about one document are not independent. Undefined: of itself alone. */
export type Documents = readonly (string | undefined)[];

/** Without it there is no bootstrap, which takes long. */
interface Resampling {
  isResampled?: boolean;
}

/** The contribution of each item to one figure; null for an item that failed. */
type Contributions = (Score | null)[];

/** Σ sum / Σ weight for every slice and metric, and the metrics derived from them, with intervals. */
export function figuresOf(
  items: readonly (readonly Score[])[],
  metrics: Benchmark["metrics"],
  documents: Documents = [],
  resampling: Resampling = {},
): Figure[] {
  return expand(items, metrics).map(({ slice, metric, better, scores, of }) => {
    const places = [...scores.keys()].filter((i) => scores[i]);
    const parts = places.map((i) => scores[i]!);
    const spread = spreadOf(
      parts,
      places.map((i) => documents[i]),
      of,
      resampling,
    );
    return { slice, metric, better, value: (of ?? Number)(mean(parts)), ...spread, n: parts.length };
  });
}

/** Figures of two models on the same items in the same order, and how sure their difference is. */
export function compare(
  before: readonly (readonly Score[])[],
  after: readonly (readonly Score[])[],
  metrics: Benchmark["metrics"],
  documents: Documents = [],
  resampling: Resampling = {},
): Comparison[] {
  const others = new Map(expand(after, metrics).map((one) => [`${one.slice}\n${one.metric}`, one]));
  return expand(before, metrics).flatMap(({ slice, metric, better, scores, of }) => {
    const other = others.get(`${slice}\n${metric}`);
    if (!other) return [];
    const paired = [...scores.keys()].filter((i) => scores[i] && other.scores[i]);
    if (paired.length === 0) return [];
    const [a, b] = [scores, other.scores].map((own) => paired.map((i) => own[i]!));
    const about = paired.map((i) => documents[i]);
    const { above, below, same: ties, ...spread } = pairedSpreadOf(a!, b!, about, of, resampling);
    const [from, to] = [a!, b!].map((parts) => (of ?? Number)(mean(parts)));
    const values = { before: from!, after: to!, difference: to! - from! };
    const [wins, losses] = better === "higher" ? [above, below] : [below, above];
    return [{ slice, metric, better, ...values, ...spread, n: paired.length, wins, losses, ties }];
  });
}

interface Series {
  slice: string;
  metric: string;
  better: Better;
  scores: Contributions;
  /** The figure from the mean, where it is another. */
  of?: (mean: number) => number;
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
        one = { slice, metric, better, scores: none };
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

function mean(parts: readonly Part[]): number {
  const { sum, weight } = totalOf(parts, parts.keys());
  return sum / weight;
}
