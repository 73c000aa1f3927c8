import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assemblePack } from "../../../src/mixing/packs/assemble.ts";
import { packBestFit } from "../../../src/mixing/packs/best-fit.ts";
import { lossWeights } from "../../../src/mixing/packs/loss-weights.ts";
import type { Sequence } from "../../../src/mixing/sequences/sequences.ts";

const kinds = ["token", "sequence", "source"] as const;
const shapes = fc.array(
  fc.record({
    dataset: fc.constantFrom("a", "b", "c"),
    prompt: fc.integer({ min: 1, max: 20 }),
    answer: fc.integer({ min: 1, max: 12 }),
  }),
  { minLength: 1, maxLength: 40 },
);

function sequenceOf(
  { dataset, prompt, answer }: { dataset: string; prompt: number; answer: number },
  i: number,
) {
  const length = prompt + answer;
  return {
    ids: Int32Array.from({ length }, (_, t) => 10 + t),
    trained: Uint8Array.from({ length }, (_, t) => (t >= prompt ? 1 : 0)),
    example: { id: `${i}`, task: "qa", source: { dataset } },
    supervised: answer,
  } as unknown as Sequence;
}

/** Σ over supervised tokens of their weight, by example, in packs of at most `capacity` tokens. */
function totals(kind: (typeof kinds)[number], sequences: Sequence[], capacity: number): Map<string, number> {
  const weights = lossWeights(
    kind,
    sequences.map(({ example, supervised }) => ({ dataset: example.source.dataset, supervised })),
  );
  const sums = new Map<string, number>();
  const bins = packBestFit(
    sequences.map(({ ids }) => ids.length),
    capacity,
  );
  for (const bin of bins) {
    const pack = assemblePack(
      bin.map((i) => sequences[i]!),
      bin.map((i) => weights[i]!),
    );
    let start = 0;
    for (const [s, length] of pack.seq_lengths.entries()) {
      for (let t = start; t < start + length; t++) {
        if (pack.labels[t]! < 0) continue;
        sums.set(pack.sources[s]!, (sums.get(pack.sources[s]!) ?? 0) + pack.loss_weights[t]!);
      }
      start += length;
    }
  }
  return sums;
}

describe("loss weights in packs", () => {
  for (const kind of kinds) {
    it(`${kind}: a mean of 1 over supervised tokens, the same however sequences are packed`, () => {
      fc.assert(
        fc.property(shapes, fc.integer({ min: 32, max: 200 }), (list, capacity) => {
          const sequences = list.map(sequenceOf);
          const packed = totals(kind, sequences, capacity);
          const supervised = list.reduce((n, { answer }) => n + answer, 0);
          const sum = [...packed.values()].reduce((a, b) => a + b, 0);
          expect(sum / supervised).toBeCloseTo(1, 4);
          const apart = totals(kind, sequences, 32);
          expect(apart.size).toBe(list.length);
          expect(Object.fromEntries(packed)).toBeAllClose(Object.fromEntries(apart), { atol: 5e-4 });
        }),
      );
    });
  }

  it("a sequence counts as much as any other, a dataset as much as any other", () => {
    const sequences = [
      { dataset: "a", prompt: 5, answer: 2 },
      { dataset: "a", prompt: 1, answer: 10 },
      { dataset: "b", prompt: 9, answer: 12 },
    ].map(sequenceOf);
    expect([...totals("token", sequences, 64).values()].sort()).toEqual([10, 12, 2]);
    expect([...totals("sequence", sequences, 64).values()]).toBeAllClose([8, 8, 8], { atol: 5e-5 });
    const bySource = totals("source", sequences, 64);
    expect(bySource.get("0")! + bySource.get("1")!).toBeCloseTo(12, 4);
    expect(bySource.get("2")).toBeCloseTo(12, 4);
    // Within a dataset every token counts the same.
    expect(bySource.get("1")! / bySource.get("0")!).toBeCloseTo(5, 4);
  });

  it("a sequence with nothing supervised takes no share", () => {
    const list = [
      { dataset: "a", supervised: 0 },
      { dataset: "b", supervised: 4 },
      { dataset: "b", supervised: 1 },
    ];
    expect([...lossWeights("sequence", list)].slice(1)).toEqual([0.625, 2.5]);
    expect([...lossWeights("source", list)].slice(1)).toEqual([1, 1]);
  });
});
