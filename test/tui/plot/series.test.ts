import fc from "fast-check";
import { expect, test } from "vitest";
import { addPoint, emptySeries, points, type Series } from "../../../tui/plot/series.ts";

const fill = (values: readonly number[]): Series =>
  values.reduce((series, value, i) => addPoint(series, i + 1, value), emptySeries);

test("few points are kept as they are", () => {
  expect(points(fill([3, 2.5, 2]))).toEqual([
    { step: 1, value: 3 },
    { step: 2, value: 2.5 },
    { step: 3, value: 2 },
  ]);
});

test("past 512 points, neighbours are merged into their mean", () => {
  const series = fill(Array.from({ length: 513 }, (_, i) => i + 1));
  expect(series.stride).toBe(2);
  expect(series.buckets.length).toBe(257);
  expect(points(series)[0]).toEqual({ step: 1.5, value: 1.5 });
  expect(points(series).at(-1)).toEqual({ step: 513, value: 513 });
});

test("any number of points: bounded, in order, and none lost from the mean", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), (count) => {
      const series = fill(Array.from({ length: count }, (_, i) => (i * 7919) % 101));
      expect(series.buckets.length).toBeLessThanOrEqual(513);
      const total = series.buckets.reduce((sum, bucket) => sum + bucket.sum, 0);
      let expected = 0;
      for (let i = 0; i < count; i++) expected += (i * 7919) % 101;
      expect(total).toBe(expected);
      expect(series.buckets.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(count);
      for (const [i, bucket] of series.buckets.entries()) {
        expect(bucket.firstStep).toBe((series.buckets[i - 1]?.lastStep ?? 0) + 1);
        // All but the last are of the same number of points, so the curve is drawn evenly.
        if (i < series.buckets.length - 1) expect(bucket.count).toBe(series.stride);
      }
    }),
    { numRuns: 30 },
  );
});

test("values that cannot be drawn are counted", () => {
  const series = fill([3, Number.NaN, Number.POSITIVE_INFINITY, 1e300, 2]);
  expect(series.lost).toBe(3);
  expect(points(series).map(({ step }) => step)).toEqual([1, 5]);
});
