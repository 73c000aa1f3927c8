import { describe, expect, it } from "vitest";
import type { Sampling } from "../../../src/model/api.ts";
import { chooseToken } from "../../../src/model/generate/sampling.ts";

/** Logits whose softmax is 0.5, 0.25, 0.125, 0.125, in another order of ids. */
const logits = () => Float32Array.of(Math.log(0.125), Math.log(0.5), Math.log(0.125), Math.log(0.25));

/** The share of the unit interval that leads to each id. */
function shares(sampling: Sampling, seen: number[] = []): number[] {
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 1000; i++)
    counts[chooseToken(logits(), sampling, new Set(seen), () => (i + 0.5) / 1000)]! += 1;
  return counts.map((count) => count / 1000);
}

describe("the next token", () => {
  it("is the likeliest at temperature 0, the lower id of equals", () => {
    expect(chooseToken(logits(), {}, new Set(), () => 0.99)).toBe(1);
    expect(chooseToken(Float32Array.of(1, 3, 3), {}, new Set(), () => 0.99)).toBe(1);
  });

  it("is drawn by its probability at temperature 1, flatter above", () => {
    expect(shares({ temperature: 1 })).toEqual([0.125, 0.5, 0.125, 0.25]);
    // p^(1/2): 0.3536, 0.7071, 0.3536, 0.5 of 1.9142
    const flat = shares({ temperature: 2 });
    for (const [i, p] of [0.1847, 0.3694, 0.1847, 0.2612].entries()) expect(flat[i]).toBeCloseTo(p, 2);
  });

  it("comes from the k likeliest, of equals the lower ids", () => {
    expect(shares({ temperature: 1, topK: 1 })).toEqual([0, 1, 0, 0]);
    expect(shares({ temperature: 1, topK: 3 })).toEqual([0.143, 0.571, 0, 0.286]);
    expect(shares({ temperature: 1, topK: 9 })).toEqual(shares({ temperature: 1, topP: 0.9999999 }));
  });

  it("comes from the fewest that reach top-p", () => {
    expect(shares({ temperature: 1, topP: 0.5 })).toEqual([0, 1, 0, 0]);
    expect(shares({ temperature: 1, topP: 0.51 })).toEqual([0, 0.667, 0, 0.333]);
    expect(shares({ temperature: 1, topP: 1e-9 })).toEqual([0, 1, 0, 0]);
  });

  it("is at least min-p times as likely as the likeliest", () => {
    expect(shares({ temperature: 1, minP: 0.3 })).toEqual([0, 0.667, 0, 0.333]);
    expect(shares({ temperature: 1, minP: 1 })).toEqual([0, 1, 0, 0]);
  });

  it("is less likely where it was there before: negative scores times the penalty, positive ones divided", () => {
    // log 0.5 · 4 = log 0.0625, the other logits as they were
    expect(chooseToken(logits(), { repetitionPenalty: 4 }, new Set([1]), () => 0)).toBe(3);
    const positive = Float32Array.of(3, 4);
    expect(chooseToken(positive, { repetitionPenalty: 2 }, new Set([1]), () => 0)).toBe(0);
    expect([...positive]).toEqual([3, 2]);
  });
});
