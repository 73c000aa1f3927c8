import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MixSpec } from "../../../src/contracts/recipe.ts";
import { type Candidate, sampleMix as sampleOf } from "../../../src/mixing/sample/sampler.ts";
import { mixSpec } from "../data-folder.ts";

const sampleMix = (candidates: readonly Candidate[], spec: Partial<MixSpec>, seed: number) =>
  sampleOf(candidates, { ...mixSpec, ...spec }, seed);

const names = ["a", "b", "c"];
const candidateLists = fc.array(
  fc.record({ dataset: fc.constantFrom(...names), tokens: fc.integer({ min: 1, max: 50 }) }),
  { minLength: 1, maxLength: 60 },
);
const specs = fc.record({
  weights: fc.dictionary(fc.constantFrom(...names), fc.constantFrom(0, 0.25, 1, 3)),
  budget_tokens: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3000 })),
  max_epochs: fc.integer({ min: 1, max: 3 }),
});

describe("a sample of any datasets, weights and budget", () => {
  it("gives each dataset its target within one example, or all it has max_epochs times", () => {
    fc.assert(
      fc.property(candidateLists, specs, fc.nat(), (candidates, spec, seed) => {
        const present = names.filter((name) => candidates.some(({ dataset }) => dataset === name));
        const weights: number[] = present.map((name) => spec.weights[name] ?? 1);
        fc.pre(weights.some((weight) => weight > 0));
        const { chosen, target } = sampleMix(candidates, spec, seed);
        expect(Object.keys(target).sort()).toEqual(present);
        const uses = candidates.map((_, i) => chosen.filter((one) => one === i).length);
        for (const [k, name] of present.entries()) {
          const mine = candidates.flatMap(({ dataset }, i) => (dataset === name ? [i] : []));
          const sum = (list: number[]) => list.reduce((n, i) => n + candidates[i]!.tokens, 0);
          const share =
            spec.budget_tokens > 0
              ? (spec.budget_tokens * weights[k]!) / weights.reduce((a, b) => a + b, 0)
              : (sum(mine) * weights[k]!) / Math.max(...weights);
          expect(Math.abs(target[name]! - share)).toBeLessThanOrEqual(0.5);

          const got = mine.reduce((n, i) => n + uses[i]! * candidates[i]!.tokens, 0);
          const longest = Math.max(...mine.map((i) => candidates[i]!.tokens));
          expect(got).toBeLessThan(target[name]! + longest);
          expect(got).toBeGreaterThanOrEqual(Math.min(target[name]!, spec.max_epochs * sum(mine)));
          // Nothing comes a second time before everything came once.
          const times = mine.map((i) => uses[i]!);
          expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1);
          expect(Math.max(...times)).toBeLessThanOrEqual(spec.max_epochs);
        }
      }),
    );
  });

  it("is the same for a seed, whatever stands beside a dataset", () => {
    const a = Array.from({ length: 40 }, (_, i) => ({ dataset: "a", tokens: 10 + (i % 7) }));
    const b = Array.from({ length: 20 }, () => ({ dataset: "b", tokens: 5 }));
    const spec = { weights: {}, budget_tokens: 0, max_epochs: 1 };
    const half = { ...spec, weights: { a: 0.5 } };
    const both = sampleMix([...a, ...b], half, 3);
    expect(sampleMix([...a, ...b], half, 3)).toEqual(both);
    expect(sampleMix([...a, ...b], half, 4).chosen).not.toEqual(both.chosen);
    // Which examples of `a` are drawn does not depend on how many `b` has.
    const ofA = (chosen: number[]) => chosen.filter((i) => i < 40).sort((x, y) => x - y);
    expect(ofA(sampleMix([...a, ...b.slice(0, 3)], half, 3).chosen)).toEqual(ofA(both.chosen));
  });

  it("stops at the budget when it is met exactly", () => {
    const candidates = Array.from({ length: 10 }, () => ({ dataset: "a", tokens: 10 }));
    const spec = { weights: {}, budget_tokens: 30, max_epochs: 1 };
    expect(sampleMix(candidates, spec, 1).chosen).toHaveLength(3);
  });

  it("a weight of 0 leaves a dataset out, with a target of 0", () => {
    const candidates = ["a", "b", "a"].map((dataset) => ({ dataset, tokens: 10 }));
    for (const budget_tokens of [0, 20]) {
      const spec = { weights: { b: 0 }, budget_tokens, max_epochs: 1 };
      const { chosen, target } = sampleMix(candidates, spec, 1);
      expect(target).toEqual({ a: 20, b: 0 });
      expect(chosen.sort()).toEqual([0, 2]);
    }
  });

  // The shares were NaN and the mix empty.
  it("no weight above 0 is a ConfigError", () => {
    const spec = { weights: { a: 0 }, budget_tokens: 20, max_epochs: 1 };
    expect(() => sampleMix([{ dataset: "a", tokens: 5 }], spec, 1)).toThrow(
      expect.objectContaining({
        code: "E_CONFIG",
        message: expect.stringContaining("above 0 for one of a, got 0"),
      }),
    );
    expect(sampleMix([], spec, 1)).toEqual({ chosen: [], target: {}, cells: [] });
  });
});
