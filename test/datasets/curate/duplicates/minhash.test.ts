import { describe, expect, it, test } from "vitest";
import { createLsh } from "../../../../src/datasets/curate/duplicates/lsh.ts";
import {
  catchProbability,
  createSigner,
  type MinHashSpec,
  renderCurve,
} from "../../../../src/datasets/curate/duplicates/minhash.ts";
import { shingler } from "../../../../src/datasets/curate/shingles.ts";
import { wordsOf } from "../examples.ts";

const datatrove: MinHashSpec = { shingle: "words", n_grams: 5, num_buckets: 14, hashes_per_bucket: 8 };
const nemo: MinHashSpec = { shingle: "chars", n_grams: 24, num_buckets: 20, hashes_per_bucket: 13 };

function signatureOf(text: string, spec = datatrove, parts = [text]): Int32Array {
  const out = new Int32Array(spec.num_buckets * spec.hashes_per_bucket);
  createSigner(spec)(parts, out);
  return out;
}

function agreement(a: Int32Array, b: Int32Array): number {
  return a.filter((value, j) => value === b[j]).length / a.length;
}

describe("signatures", () => {
  test.each([
    ["words", datatrove],
    ["chars", nemo],
  ] as const)("estimate the Jaccard similarity of sets of %s without bias", (_, spec) => {
    for (const share of [0.3, 0.6, 0.9]) {
      const errors = Array.from({ length: 60 }, (_, n) => {
        const common = wordsOf(`c${n}`, Math.round(300 * share));
        const own = (name: string) => wordsOf(`${name}${n}`, 300 - common.length);
        const [a, b] = [[...common, ...own("a")].join(" "), [...common, ...own("b")].join(" ")];
        const exact = jaccard(a, b, spec);
        return agreement(signatureOf(a, spec), signatureOf(b, spec)) - exact;
      });
      const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
      // One estimate's standard deviation is √(s(1−s)/112) ≤ 0.047, the mean's of 60 at most 0.0061.
      expect(Math.abs(mean)).toBeLessThan(0.02);
      expect(deviation).toBeLessThan(0.065);
    }
  });

  function jaccard(a: string, b: string, spec: MinHashSpec): number {
    const setOf = (text: string) => {
      const { hashes, count } = shingler(spec)(text);
      return new Set(hashes.subarray(0, count));
    };
    const [one, other] = [setOf(a), setOf(b)];
    const common = [...one].filter((shingle) => other.has(shingle)).length;
    return common / (one.size + other.size - common);
  }

  it("are the same on every machine", () => {
    expect([
      ...signatureOf("the quick brown fox jumps over the lazy dog").slice(0, 4),
    ]).toMatchInlineSnapshot(`
      [
        -1675071739,
        -1303698778,
        -2043179122,
        -1472671573,
      ]
    `);
  });
});

describe("the threshold curve", () => {
  it("is datatrove's: half way at 0.72, and says so in a line", () => {
    const middle = (1 / 14) ** (1 / 8);
    expect(middle).toBeCloseTo(0.719, 3);
    expect(catchProbability(middle, datatrove)).toBeCloseTo(1 - (13 / 14) ** 14, 12);
    expect(renderCurve(datatrove)).toBe(
      "14 × 8 of 5 words; a pair of similarity 0.5: 5.3 %, 0.6: 21.1 %, 0.7: 56.5 %, 0.75: 77.2 %, 0.8: 92.4 %, 0.85: 98.8 %, 0.9: 100.0 %, 0.95: 100.0 % is compared",
    );
  });

  it("is what the index does: the share of pairs found at a similarity", () => {
    const pairs = 300;
    let [compared, expected] = [0, 0];
    for (let n = 0; n < pairs; n++) {
      const common = wordsOf(`c${n}`, 160);
      const text = (name: string) => [...common, ...wordsOf(`${name}${n}`, 40)].join(" ");
      const [a, b] = [signatureOf(text("a")), signatureOf(text("b"))];
      const index = createLsh(14, 8, 0.01);
      index.add(a, 1);
      if (index.find(b, 1)) compared++;
      expected += catchProbability(156 / (2 * 196 - 156), datatrove);
    }
    expect(Math.abs(compared - expected) / pairs).toBeLessThan(0.08);
  });
});
