/**
 * A curve in bounded memory, as means of equal numbers of points. When there are too many, neighbours are
 * merged in pairs, so a training of any length can be drawn.
 */
export interface Series {
  readonly buckets: readonly Bucket[];
  /** Points in a full bucket, a power of two. */
  readonly stride: number;
  /** Values that were not finite, or so large that nothing else could be seen. They are not drawn. */
  readonly lost: number;
}

export interface Bucket {
  readonly firstStep: number;
  readonly lastStep: number;
  readonly sum: number;
  readonly count: number;
}

const capacity = 512;
const drawable = 1e9;

export const emptySeries: Series = { buckets: [], stride: 1, lost: 0 };

/** Adds a point at a step after all others. */
export function addPoint(series: Series, step: number, value: number): Series {
  if (typeof value !== "number" || !(Math.abs(value) < drawable)) return { ...series, lost: series.lost + 1 };
  const point: Bucket = { firstStep: step, lastStep: step, sum: value, count: 1 };
  const last = series.buckets.at(-1);
  if (last && last.count < series.stride) {
    return { ...series, buckets: [...series.buckets.slice(0, -1), merge(last, point)] };
  }
  if (series.buckets.length < capacity) return { ...series, buckets: [...series.buckets, point] };
  const halved: Bucket[] = [];
  for (let i = 0; i < series.buckets.length; i += 2) {
    halved.push(merge(series.buckets[i]!, series.buckets[i + 1]!));
  }
  return { ...series, buckets: [...halved, point], stride: series.stride * 2 };
}

function merge(a: Bucket, b: Bucket): Bucket {
  return { firstStep: a.firstStep, lastStep: b.lastStep, sum: a.sum + b.sum, count: a.count + b.count };
}

/** The middle step and the mean of each bucket. */
export function points(series: Series): { step: number; value: number }[] {
  return series.buckets.map(({ firstStep, lastStep, sum, count }) => ({
    step: (firstStep + lastStep) / 2,
    value: sum / count,
  }));
}
