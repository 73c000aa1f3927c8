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

  it("of right-or-wrong items have Wilson's interval, and the percentiles of resampling beside it", () => {
    const [figure] = figuresOf(
      Array.from({ length: 100 }, (_, i) => item(i % 2)),
      metrics,
    );
    expect(figure).toMatchObject({ method: "Wilson", stderr: expect.closeTo(0.0502518907629606, 12) });
    // statsmodels' proportion_confint(50, 100, method="wilson")
    expect([figure!.low, figure!.high]).toBeAllClose([0.40383153, 0.59616847], { atol: 1e-8 });
    // The mean of a resample is binomial, whose percentiles are 0.40 and 0.60.
    const { low, high } = figure!.bootstrap!;
    expect([low, high]).toBeAllClose([0.4, 0.6], { atol: 0.011 });
  });

  it("of items that share documents have errors over documents, which are wider", () => {
    // Ten documents with four questions each, all right or all wrong: ten answers, not forty.
    const items = Array.from({ length: 40 }, (_, i) => item(Math.floor(i / 4) % 2));
    const documents = items.map((_, i) => `document ${Math.floor(i / 4)}`);
    const [alone] = figuresOf(items, metrics);
    const [shared] = figuresOf(items, metrics, documents);
    expect(alone).toMatchObject({ method: "Wilson" });
    expect(alone).not.toHaveProperty("clusters");
    expect(shared).toMatchObject({ method: "Wilson over documents", clusters: 10 });
    // Miller's: √(10 · (4 · 0.5)²) / 40
    expect(shared!.stderr).toBeCloseTo(Math.sqrt(40) / 40, 12);
    expect(shared!.high! - shared!.low!).toBeGreaterThan(1.7 * (alone!.high! - alone!.low!));
    const { low, high } = shared!.bootstrap!;
    expect(high - low).toBeGreaterThan(1.7 * (alone!.bootstrap!.high - alone!.bootstrap!.low));
  });

  it("of one document alone are about its items", () => {
    const items = Array.from({ length: 8 }, (_, i) => item(i % 2));
    const documents = items.map(() => "the only one");
    expect(figuresOf(items, metrics, documents)).toEqual(figuresOf(items, metrics));
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
    expect(one).toMatchObject({ wins: 30, losses: 0, ties: 0, method: "sign test" });
    expect(one!.p).toBeCloseTo(2 ** -29, 15);
  });

  it("have Student's p and McNemar's beside a difference, and say who won by what is better", () => {
    const before = [1, 1, 0, 0, 0, 0, 0, 1].map((value) => item(value));
    const after = [1, 0, 1, 1, 1, 1, 0, 1].map((value) => item(value));
    const [one] = compare(before, after, { m: { better: "lower" } });
    expect(one).toMatchObject({
      wins: 1,
      losses: 4,
      ties: 3,
      method: "paired Student's t",
      mcnemar_p: expect.closeTo(0.375, 12),
    });
    // scipy.stats.ttest_rel(after, before)
    expect(one!.p).toBeCloseTo(0.1970220722, 9);
    expect(one!.stderr).toBeCloseTo(0.2630521, 7);
    expect([one!.low, one!.high]).toBeAllClose([-0.24701947, 0.99701947], { atol: 1e-7 });
  });

  it("of two models cancel what a document does to both", () => {
    const sizes = Array.from({ length: 12 }, (_, i) => i);
    const before = sizes.flatMap((i) => [item(i), item(i + 0.5)]);
    const after = sizes.flatMap((i) => [item(i + 0.1), item(i + 0.65)]);
    const documents = sizes.flatMap((i) => [`${i}`, `${i}`]);
    const [one] = compare(before, after, metrics, documents);
    expect(one).toMatchObject({ clusters: 12, wins: 24 });
    expect(one!.low).toBeGreaterThan(0.1);
  });
});
