import { describe, expect, it } from "vitest";
import type { Benchmark, Score } from "../../../src/eval/benchmark.ts";
import { compare, figuresOf } from "../../../src/eval/results/figures.ts";

const metrics: Benchmark["metrics"] = { m: { better: "higher" } };
const item = (sum: number, weight = 1): Score[] => [{ slice: "", metric: "m", sum, weight }];

describe("figures", () => {
  it("are weighted means, the same interval each time", () => {
    const items = [item(2, 1), item(10, 4), item(0, 5)];
    const [figure] = figuresOf(items, metrics);
    expect(figure).toMatchObject({ value: 1.2, n: 3 });
    expect(figuresOf(items, metrics)).toEqual([figure]);
    expect(figure!.low).toBeLessThan(1.2);
    expect(figure!.high).toBeGreaterThan(1.2);
  });

  it("derive from the mean, not from items", () => {
    const [, perplexity] = figuresOf([item(1), item(3)], {
      m: { better: "lower" },
      perplexity: { better: "lower", derived: { from: "m", of: Math.exp } },
    });
    expect(perplexity).toMatchObject({ metric: "perplexity", better: "lower", value: Math.exp(2) });
  });

  it("are of metrics that the benchmark has, which says what is better", () => {
    expect(() => figuresOf([item(1)], { other: { better: "lower" } })).toThrow('of the benchmark, got "m"');
  });

  it("leave out items that failed, in both models of a pair", () => {
    const [one] = compare([item(1), item(0), []], [item(1), item(1), item(0)], metrics);
    expect(one).toMatchObject({ before: 0.5, after: 1, difference: 0.5, n: 2 });
    expect(compare([item(1), []], [[], item(1)], metrics)).toEqual([]);
  });

  it("have the 2.5 and 97.5 percentiles for an interval, not the ends of what was drawn", () => {
    // Half of 100 items are 1: the mean of a resample is binomial, whose percentiles are 0.40 and 0.60.
    const [figure] = figuresOf(
      Array.from({ length: 100 }, (_, i) => item(i % 2)),
      metrics,
    );
    expect([figure!.low, figure!.high]).toBeAllClose([0.4, 0.6], { atol: 0.011 });
  });

  it("give no interval where one item is all there is", () => {
    expect(figuresOf([item(1), []], metrics)).toEqual([
      { slice: "", metric: "m", better: "higher", value: 1, n: 1 },
    ]);
  });

  it("pair items: a shift that is the same for all has an interval of its own size", () => {
    const before = Array.from({ length: 30 }, (_, i) => item(i));
    const after = Array.from({ length: 30 }, (_, i) => item(i + 2));
    const [one] = compare(before, after, metrics);
    expect(one).toMatchObject({ before: 14.5, after: 16.5, difference: 2, n: 30 });
    expect(one!.low).toBeCloseTo(2, 12);
    expect(one!.high).toBeCloseTo(2, 12);
  });
});
