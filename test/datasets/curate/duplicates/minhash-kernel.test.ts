import fc from "fast-check";
import { expect, it } from "vitest";
import { createSigner, type MinHashSpec } from "../../../../src/datasets/curate/duplicates/minhash.ts";
import { createMinhashKernel } from "../../../../src/datasets/curate/duplicates/minhash-kernel.ts";
import { shingler } from "../../../../src/datasets/curate/shingles.ts";
import { randomOf } from "../../../../src/random.ts";
import { wordsOf } from "../examples.ts";

function leastOf(hashes: Int32Array, factor: number, offset: number): number {
  return hashes.reduce((least, hash) => Math.min(least, (Math.imul(hash, factor) + offset) | 0), 0x7fffffff);
}

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

it("gives each slot the least value of its function, for any hashes, again and again", () => {
  const slots = 37;
  const kernel = createMinhashKernel(slots);
  const functions = fc.array(fc.tuple(int32, int32), { minLength: 1, maxLength: slots });
  fc.assert(
    fc.property(fc.array(int32, { maxLength: 40 }), functions, (list, pairs) => {
      const hashes = Int32Array.from(list);
      for (const [k, [factor, offset]] of pairs.entries()) {
        kernel.factors[k] = factor;
        kernel.offsets[k] = offset;
      }
      kernel.run(hashes, pairs.length);
      const expected = pairs.map(([factor, offset]) => leastOf(hashes, factor, offset));
      expect([...kernel.least.subarray(0, pairs.length)]).toEqual(expected);
    }),
  );
});

it.each([4095, 4096, 4097, 9000])("sees the least wherever it stands in %d hashes", (count) => {
  const kernel = createMinhashKernel(1);
  kernel.factors[0] = 1;
  for (const place of [0, 4095, 4096, 8191, 8192, count - 1].filter((i) => i < count)) {
    const hashes = new Int32Array(count).fill(7);
    hashes[place] = -5;
    kernel.run(hashes, 1);
    expect(kernel.least[0]).toBe(-5);
  }
});

it("a signature is that of the definition, for texts in one part and in several", () => {
  const spec: MinHashSpec = { shingle: "words", n_grams: 2, num_buckets: 7, hashes_per_bucket: 5 };
  const slots = 35;
  const random = randomOf(0x5eb7a, "minhash");
  const factors = Array.from({ length: slots }, () => (random.next() * 2 ** 32) | 1);
  const offsets = Array.from({ length: slots }, () => (random.next() * 2 ** 32) | 0);
  const sign = createSigner(spec);
  const long = wordsOf("w", 5000).join(" ");
  for (const parts of [[long], [""], ["one two three"], [long, "a b c"], ["", long, "one two three four"]]) {
    const expected = factors.map((factor, j) => {
      const { hashes, count } = shingler(spec)(parts[j % parts.length]!);
      return leastOf(hashes.subarray(0, count), factor, offsets[j]!);
    });
    const signature = new Int32Array(slots);
    sign(parts, signature);
    expect([...signature]).toEqual(expected);
  }
});
