import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Task } from "../../../src/contracts/example.ts";
import type { MixSpec } from "../../../src/contracts/recipe.ts";
import { type Candidate, sampleMix } from "../../../src/mixing/sample/sampler.ts";
import { mixSpec } from "../data-folder.ts";

/** Two datasets, each with short and long examples of two tasks, enough of everything. */
const candidates: Candidate[] = Array.from({ length: 4000 }, (_, i) => ({
  dataset: i % 4 === 0 ? "rare" : "common",
  task: (i % 3 === 0 ? "writing" : "qa") as Task,
  tokens: i % 5 === 0 ? 3000 + (i % 7) * 100 : 100 + (i % 11) * 20,
  supervised: 10 + (i % 9),
}));
const mixOf = (change: Partial<MixSpec>, list = candidates) => {
  const sample = sampleMix(list, { ...mixSpec, ...change }, 1);
  const drawn = sample.chosen.map((i) => list[i]!);
  const tokens = (of: (one: Candidate) => boolean) =>
    drawn.reduce((sum, one) => sum + (of(one) ? one.tokens : 0), 0);
  const total = tokens(() => true);
  const share = (of: (one: Candidate) => boolean) => tokens(of) / total;
  return { sample, drawn, total, share };
};
const isLong = ({ tokens }: Candidate) => tokens >= 2048;

describe("shares of a mix", () => {
  for (const long_fraction of [0, 0.2, 0.4, 1]) {
    it(`long_fraction ${long_fraction}, with a budget and without`, () => {
      for (const budget_tokens of [0, 300_000]) {
        const { share, total } = mixOf({ long_fraction, budget_tokens });
        expect(share(isLong)).toBeCloseTo(long_fraction, 1);
        if (budget_tokens > 0) expect(Math.abs(total - budget_tokens)).toBeLessThan(15_000);
      }
    });
  }

  it("long is what has long_tokens or more", () => {
    const list = [2047, 2048, 2049].map((tokens) => ({ dataset: "a", tokens }));
    const drawn = (long_fraction: number) => mixOf({ long_fraction, long_tokens: 2048 }, list).drawn;
    expect(
      drawn(1)
        .map(({ tokens }) => tokens)
        .sort(),
    ).toEqual([2048, 2049]);
    expect(drawn(0).map(({ tokens }) => tokens)).toEqual([2047]);
  });

  it("datasets, tasks and lengths hold together", () => {
    const { share, total } = mixOf({
      budget_tokens: 1_000_000,
      weights: { rare: 1, common: 3 },
      task_weights: { writing: 1, qa: 1 },
      long_fraction: 0.4,
    });
    expect(total / 1_000_000).toBeCloseTo(1, 1);
    expect(share(({ dataset }) => dataset === "rare")).toBeCloseTo(0.25, 1);
    expect(share(({ task }) => task === "qa")).toBeCloseTo(0.5, 1);
    expect(share(isLong)).toBeCloseTo(0.4, 1);
  });

  it("temperature goes from as large as they are to alike", () => {
    const rare = (temperature: number | null) =>
      mixOf({ budget_tokens: 500_000, temperature }).share(({ dataset }) => dataset === "rare");
    expect(rare(1)).toBeCloseTo(0.25, 1);
    expect(rare(2)).toBeCloseTo(1 / (1 + Math.sqrt(3)), 1);
    expect(rare(100)).toBeCloseTo(0.5, 1);
    expect(rare(null)).toBeCloseTo(0.5, 1);
  });

  it("a budget of supervised tokens counts these", () => {
    const { drawn, sample } = mixOf({ budget_supervised_tokens: 6000 });
    const supervised = drawn.reduce((sum, one) => sum + one.supervised!, 0);
    expect(supervised).toBeGreaterThanOrEqual(6000);
    expect(supervised).toBeLessThan(6000 + 2 * 18);
    expect(sample.target).toEqual({ rare: 3000, common: 3000 });
  });

  it("no example comes more often than max_epochs, whatever is asked for", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 400_000 }),
        (long_fraction, max_epochs, budget_tokens) => {
          const list = candidates.slice(0, 60);
          const { sample } = mixOf(
            { long_fraction, max_epochs, budget_tokens, task_weights: { qa: 5 } },
            list,
          );
          const times = new Map<number, number>();
          for (const i of sample.chosen) times.set(i, (times.get(i) ?? 0) + 1);
          expect(Math.max(0, ...times.values())).toBeLessThanOrEqual(max_epochs);
        },
      ),
    );
  });
});
