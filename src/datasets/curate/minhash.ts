import { randomOf } from "../../random.ts";
import { type ShingleSpec, shingler } from "./shingles.ts";

/** MinHash as datatrove names it: `num_buckets` bands of `hashes_per_bucket` rows. */
export interface MinHashSpec extends ShingleSpec {
  num_buckets: number;
  hashes_per_bucket: number;
}

/** A function that puts the signature of a text's parts into `out`, [num_buckets · hashes_per_bucket]. */
export type Signer = (parts: readonly string[], out: Int32Array) => void;

/**
 * Signatures after Broder (1997): each slot is the least value of one hash function over the shingles, so the share
 * of slots in which two texts agree estimates the Jaccard similarity of their sets of shingles.
 *
 * A text in several parts (a document and the questions on it) gives slot j to part j mod parts. A band then has
 * slots of every part: two examples meet only if all their parts are alike, and the similarity that the threshold
 * curve is of is the geometric mean of theirs. Hash functions are x → a·x + b modulo 2³², over shingles that are
 * mixed already; the same on every machine.
 */
export function createSigner(spec: MinHashSpec): Signer {
  const slots = spec.num_buckets * spec.hashes_per_bucket;
  const random = randomOf(0x5eb7a, "minhash");
  const factors = new Int32Array(slots).map(() => (random.next() * 2 ** 32) | 1);
  const offsets = new Int32Array(slots).map(() => (random.next() * 2 ** 32) | 0);
  const shinglesOf = shingler(spec);
  return (parts, out) => {
    for (const [part, text] of parts.entries()) {
      const { hashes, count } = shinglesOf(text);
      const step = parts.length;
      let j = part;
      // Four hash functions a pass: the work is bound by reading the shingles, not by the products.
      for (; j + 3 * step < slots; j += 4 * step) leastOfFour(hashes, count, factors, offsets, out, j, step);
      for (; j < slots; j += step) out[j] = leastOf(hashes, count, factors[j]!, offsets[j]!);
    }
  };
}

function leastOf(hashes: Int32Array, count: number, factor: number, offset: number): number {
  let least = 0x7fffffff;
  for (let i = 0; i < count; i++) {
    const value = (Math.imul(hashes[i]!, factor) + offset) | 0;
    if (value < least) least = value;
  }
  return least;
}

/** `leastOf` for the slots j, j + step, j + 2·step, j + 3·step. */
function leastOfFour(
  hashes: Int32Array,
  count: number,
  factors: Int32Array,
  offsets: Int32Array,
  out: Int32Array,
  j: number,
  step: number,
): void {
  const [j1, j2, j3] = [j + step, j + 2 * step, j + 3 * step];
  const [f0, f1, f2, f3] = [factors[j]!, factors[j1]!, factors[j2]!, factors[j3]!];
  const [o0, o1, o2, o3] = [offsets[j]!, offsets[j1]!, offsets[j2]!, offsets[j3]!];
  let [least0, least1, least2, least3] = [0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff];
  for (let i = 0; i < count; i++) {
    const hash = hashes[i]!;
    const value0 = (Math.imul(hash, f0) + o0) | 0;
    const value1 = (Math.imul(hash, f1) + o1) | 0;
    const value2 = (Math.imul(hash, f2) + o2) | 0;
    const value3 = (Math.imul(hash, f3) + o3) | 0;
    if (value0 < least0) least0 = value0;
    if (value1 < least1) least1 = value1;
    if (value2 < least2) least2 = value2;
    if (value3 < least3) least3 = value3;
  }
  out[j] = least0;
  out[j1] = least1;
  out[j2] = least2;
  out[j3] = least3;
}

/** The probability that bands of these settings bring two texts of a similarity together: 1 − (1 − s^r)^b. */
export function catchProbability(
  similarity: number,
  { num_buckets, hashes_per_bucket }: Pick<MinHashSpec, "num_buckets" | "hashes_per_bucket">,
): number {
  return 1 - (1 - similarity ** hashes_per_bucket) ** num_buckets;
}

/** The settings' threshold curve in a line, for people: where it rises and how steeply. */
export function renderCurve(spec: MinHashSpec): string {
  const points = [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95].map((s) => {
    return `${s}: ${(100 * catchProbability(s, spec)).toFixed(1)} %`;
  });
  return `${spec.num_buckets} × ${spec.hashes_per_bucket} of ${spec.n_grams} ${spec.shingle}; a pair of similarity ${points.join(", ")} is compared`;
}
