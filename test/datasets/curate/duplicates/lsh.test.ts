import { describe, expect, it } from "vitest";
import { createLsh } from "../../../../src/datasets/curate/duplicates/lsh.ts";
import { createSigner, type MinHashSpec } from "../../../../src/datasets/curate/duplicates/minhash.ts";
import { wordsOf } from "../examples.ts";

const datatrove: MinHashSpec = { shingle: "words", n_grams: 5, num_buckets: 14, hashes_per_bucket: 8 };

function signatureOf(text: string, spec = datatrove, parts = [text]): Int32Array {
  const out = new Int32Array(spec.num_buckets * spec.hashes_per_bucket);
  createSigner(spec)(parts, out);
  return out;
}

describe("the index", () => {
  it("finds every kept text again after it has grown, with its own index", () => {
    const index = createLsh(14, 8, 0.7);
    const signatures = Array.from({ length: 3000 }, (_, n) => signatureOf(wordsOf(`t${n}`, 12).join(" ")));
    for (const signature of signatures) index.add(signature, 1);
    expect(signatures.every((s, n) => index.find(s, 1)?.index === n)).toBe(true);
    expect(index.find(signatures[5]!, 2)).toBeNull();
  });

  it("gives the most similar of several", () => {
    const base = wordsOf("w", 200);
    const index = createLsh(14, 8, 0.5);
    for (const own of [20, 4, 12]) index.add(signatureOf([...base, ...wordsOf(`o${own}`, own)].join(" ")), 1);
    const match = index.find(signatureOf([...base, ...wordsOf("x", 3)].join(" ")), 1);
    expect(match?.index).toBe(1);
    expect(match?.similarity).toBeCloseTo(0.96, 1);
  });

  it("holds every part against the threshold, not their mean", () => {
    const document = wordsOf("d", 500).join(" ");
    const asked = (question: string) => signatureOf("", datatrove, [document, question]);
    const index = createLsh(14, 8, 0.5);
    index.add(asked(wordsOf("q", 30).join(" ")), 2);
    expect(index.find(asked(wordsOf("r", 30).join(" ")), 2)).toBeNull();
    expect(index.find(asked(wordsOf("q", 30).join(" ")), 2)?.similarity).toBe(1);
  });

  it("of texts that are equally similar gives the one that was kept last, by the first band they share", () => {
    const index = createLsh(2, 1, 0.5);
    index.add(Int32Array.of(1, 2), 1);
    index.add(Int32Array.of(1, 3), 1);
    expect(index.find(Int32Array.of(1, 4), 1)).toEqual({ index: 1, similarity: 0.5 });
    // A third that only the second band finds is as similar, but comes later.
    index.add(Int32Array.of(5, 4), 1);
    expect(index.find(Int32Array.of(1, 4), 1)).toEqual({ index: 1, similarity: 0.5 });
  });
});
