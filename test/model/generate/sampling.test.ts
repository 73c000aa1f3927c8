import { describe, expect, it } from "vitest";
import type { Sampling } from "../../../src/model/api.ts";
import { chooseToken } from "../../../src/model/generate/sampling.ts";
import { randomOf } from "../../../src/random.ts";

/** Logits whose softmax is 0.5, 0.25, 0.125, 0.125, in another order of ids. */
const logits = () => Float32Array.of(Math.log(0.125), Math.log(0.5), Math.log(0.125), Math.log(0.25));

/** The share of the unit interval that leads to each id. */
function shares(sampling: Sampling, seen: number[] = []): number[] {
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 1000; i++)
    counts[chooseToken(logits(), sampling, new Set(seen), () => (i + 0.5) / 1000)]! += 1;
  return counts.map((count) => count / 1000);
}

/**
 * Probabilities by id: softmax at the temperature, then top-k, top-p, min-p, each on what is left; they add
 * up to 1.
 */
function byDefinition(
  scores: Float32Array,
  { temperature, topK, topP, minP }: Required<Omit<Sampling, "repetitionPenalty">>,
): number[] {
  const total = (list: { p: number }[]) => list.reduce((sum, { p }) => sum + p, 0);
  let left = Array.from(scores, (score, id) => ({ id, p: Math.exp(score / temperature) })).sort(
    (a, b) => b.p - a.p,
  );
  if (topK > 0) left = left.slice(0, topK);
  const all = total(left);
  // The fewest that reach top-p: one counts while those before it do not.
  left = left.filter((_, k) => k === 0 || total(left.slice(0, k)) < topP * all);
  left = left.filter(({ p }) => p >= minP * left[0]!.p);
  const sum = total(left);
  return Array.from(scores, (_, id) => (left.find((one) => one.id === id)?.p ?? 0) / sum);
}

describe("the next token", () => {
  it("is the likeliest at temperature 0, the lower id of equals", () => {
    expect(chooseToken(logits(), {}, new Set(), () => 0.99)).toBe(1);
    expect(chooseToken(Float32Array.of(1, 3, 3), {}, new Set(), () => 0.99)).toBe(1);
  });

  it("is drawn by its probability at temperature 1, flatter above", () => {
    expect(shares({ temperature: 1 })).toEqual([0.125, 0.5, 0.125, 0.25]);
    // p^(1/2): 0.3536, 0.7071, 0.3536, 0.5 of 1.9142
    expect(shares({ temperature: 2 })).toBeAllClose([0.1847, 0.3694, 0.1847, 0.2612], { atol: 0.005 });
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
    expect(shares({ temperature: 1, topP: 0 })).toEqual([0, 1, 0, 0]);
    // Two of four that are alike reach a half exactly: a third adds nothing that was asked for.
    const even = (topP: number) =>
      [0.1, 0.6, 0.9].map((u) =>
        chooseToken(new Float32Array(4), { temperature: 1, topP }, new Set(), () => u),
      );
    expect(even(0.5)).toEqual([0, 1, 1]);
    expect(even(0.75)).toEqual([0, 1, 2]);
  });

  it("comes from what each bound leaves of what the one before left: top-k, top-p, min-p", () => {
    // Of the two likeliest, which are 2/3 and 1/3, one reaches 0.6; of all, 0.5 is not enough.
    expect(shares({ temperature: 1, topK: 2, topP: 0.6 })).toEqual([0, 1, 0, 0]);
    expect(shares({ temperature: 1, topP: 0.6 })).toEqual([0, 0.667, 0, 0.333]);
    expect(shares({ temperature: 1, topP: 0.9, minP: 0.3 })).toEqual([0, 0.667, 0, 0.333]);
    // A temperature of ½ squares the shares before any of them is bounded: 16, 4, 1, 1 of 22.
    expect(shares({ temperature: 0.5, topP: 0.8 })).toEqual([0, 0.8, 0, 0.2]);
  });

  // Tokens that top-p cannot need were left out of what its share is of: a little less than top-p came.
  it("is drawn with the probabilities of the definition, whatever the logits and bounds", () => {
    const random = randomOf(1, "sampling");
    const draws = 1000;
    for (let n = 0; n < 300; n++) {
      const scores = Float32Array.from({ length: 24 }, () => 2 * random.normal());
      const one = {
        temperature: [0.5, 1, 1.5][random.below(3)]!,
        topK: [0, 0, 3, 10, 30][random.below(5)]!,
        topP: random.below(3) === 0 ? 1 : random.next(),
        minP: random.below(2) === 0 ? 0 : random.next() / 2,
      };
      const got = Array<number>(24).fill(0);
      for (let i = 0; i < draws; i++)
        got[chooseToken(scores.slice(), one, new Set(), () => (i + 0.5) / draws)]! += 1 / draws;
      const label = JSON.stringify(one);
      expect({ [label]: got }).toBeAllClose({ [label]: byDefinition(scores, one) }, { atol: 2 / draws });
    }
  });

  it("is at least min-p times as likely as the likeliest", () => {
    expect(shares({ temperature: 1, minP: 0.3 })).toEqual([0, 0.667, 0, 0.333]);
    expect(shares({ temperature: 1, minP: 1 })).toEqual([0, 1, 0, 0]);
  });

  it("is less likely where it occurred: negative scores times the penalty, positive ones divided", () => {
    // log 0.5 · 4 = log 0.0625, the other logits as they were
    expect(chooseToken(logits(), { repetitionPenalty: 4 }, new Set([1]), () => 0)).toBe(3);
    const positive = Float32Array.of(3, 4);
    expect(chooseToken(positive, { repetitionPenalty: 2 }, new Set([1]), () => 0)).toBe(0);
    expect([...positive]).toEqual([3, 2]);
  });
});
