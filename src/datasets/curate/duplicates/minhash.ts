import { randomOf } from "../../../random.ts";
import { type ShingleSpec, shingler } from "../shingles.ts";
import { createMinhashKernel } from "./minhash-kernel.ts";

/** MinHash as datatrove names it: `num_buckets` bands of `hashes_per_bucket` rows. */
export interface MinHashSpec extends ShingleSpec {
  num_buckets: number;
  hashes_per_bucket: number;
}

/** A function that puts the signature of a text's parts into `out`, [num_buckets · hashes_per_bucket]. */
export type Signer = (parts: readonly string[], out: Int32Array) => void;

/**
 * Signatures after Broder (1997): each slot is the least value of one hash function over the shingles, so the
 * share of slots in which two texts agree estimates the Jaccard similarity of their sets of shingles.
 *
 * Where a text has several parts (a document and the questions on it), slot j is of part j mod parts. A band
 * then has slots of every part, so that two examples meet only if all their parts are similar; the threshold
 * curve is then of the geometric mean of their similarities. Hash functions are x → a·x + b modulo 2³² over
 * mixed hashes of shingles, the same on every machine.
 */
export function createSigner(spec: MinHashSpec): Signer {
  const slots = spec.num_buckets * spec.hashes_per_bucket;
  const random = randomOf(0x5eb7a, "minhash");
  const factors = new Int32Array(slots).map(() => (random.next() * 2 ** 32) | 1);
  const offsets = new Int32Array(slots).map(() => (random.next() * 2 ** 32) | 0);
  const shinglesOf = shingler(spec);
  const kernel = createMinhashKernel(slots);
  return (parts, out) => {
    const step = parts.length;
    for (const [part, text] of parts.entries()) {
      const { hashes, count } = shinglesOf(text);
      let used = 0;
      for (let j = part; j < slots; j += step, used++) {
        kernel.factors[used] = factors[j]!;
        kernel.offsets[used] = offsets[j]!;
      }
      kernel.run(hashes.subarray(0, count), used);
      for (let k = 0; k < used; k++) out[part + k * step] = kernel.least[k]!;
    }
  };
}

/** The probability that two texts of this similarity share a band: 1 − (1 − s^r)^b for b bands of r rows. */
export function catchProbability(
  similarity: number,
  { num_buckets, hashes_per_bucket }: Pick<MinHashSpec, "num_buckets" | "hashes_per_bucket">,
): number {
  return 1 - (1 - similarity ** hashes_per_bucket) ** num_buckets;
}

/** The threshold curve of these settings in one line, for people. */
export function renderCurve(spec: MinHashSpec): string {
  const points = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95].map((s) => {
    return `${s}: ${(100 * catchProbability(s, spec)).toFixed(1)} %`;
  });
  return (
    `${spec.num_buckets} × ${spec.hashes_per_bucket} of ${spec.n_grams} ${spec.shingle}; a pair of ` +
    `similarity ${points.join(", ")} is compared`
  );
}
