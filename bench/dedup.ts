import { createLsh } from "../src/datasets/curate/duplicates/lsh.ts";
import { createSigner, type MinHashSpec } from "../src/datasets/curate/duplicates/minhash.ts";
import { randomOf } from "../src/random.ts";
import { type BenchCase, inTurns } from "./tools/measure.ts";

/** Documents, and characters of each. */
const documents = 8000;
const chars = 2048;
const settings: Record<string, MinHashSpec> = {
  datatrove: { shingle: "words", n_grams: 5, num_buckets: 14, hashes_per_bucket: 8 },
  nemo: { shingle: "chars", n_grams: 24, num_buckets: 20, hashes_per_bucket: 13 },
};

/**
 * Near-duplicate removal on one thread, in thousands of documents per second: 2 KB each, one in ten a near
 * copy. The roofline is only the hash products that it needs, over as many shingles.
 */
export function dedupCases(): BenchCase[] {
  return Object.entries(settings).map(([name, spec]) => ({
    name: `dedup ${name} ${documents} × ${chars}`,
    async run() {
      const texts = makeTexts();
      const slots = spec.num_buckets * spec.hashes_per_bucket;
      const shingles =
        spec.shingle === "chars" ? chars - spec.n_grams : texts[0]!.split(" ").length - spec.n_grams;
      let found = 0;
      const { seconds, rooflineSeconds } = await inTurns(
        async () => {
          found = removeNear(texts, spec);
        },
        async () => products(documents, shingles, slots),
      );
      const [rate, roofline] = [documents / seconds / 1000, documents / rooflineSeconds / 1000];
      const note = `${found} near copies; roofline: ${slots} hashes of ${shingles} shingles`;
      return {
        name: this.name,
        seconds,
        rate,
        unit: "k documents/s",
        roofline,
        ratio: rate / roofline,
        note,
      };
    },
  }));
}

/** Texts of `chars` characters, one in ten a near copy of one before it. */
export function makeTexts(count = documents): string[] {
  const random = randomOf(1, "dedup");
  const vocabulary = Array.from({ length: 20_000 }, (_, i) => (i * 7919 + 13).toString(36));
  const texts: string[] = [];
  for (let n = 0; n < count; n++) {
    if (n % 10 === 9) {
      texts.push(texts[random.below(n)]!.replace(/ \S+ /, " edited "));
      continue;
    }
    const words: string[] = [];
    for (let size = 0; size < chars; size += words.at(-1)!.length + 1)
      words.push(vocabulary[Math.floor(vocabulary.length * random.next() ** 3)]!);
    texts.push(words.join(" "));
  }
  return texts;
}

/** How many of the texts are near copies of an earlier one. */
export function removeNear(texts: readonly string[], spec: MinHashSpec): number {
  const sign = createSigner(spec);
  const kept = createLsh(spec.num_buckets, spec.hashes_per_bucket, 0.7);
  const signature = new Int32Array(spec.num_buckets * spec.hashes_per_bucket);
  let found = 0;
  for (const text of texts) {
    sign([text], signature);
    if (kept.find(signature, 1)) found++;
    else kept.add(signature, 1);
  }
  return found;
}

function products(texts: number, shingles: number, slots: number): number {
  const hashes = new Int32Array(shingles).map((_, i) => Math.imul(i + 1, 0x9e3779b1));
  let sum = 0;
  for (let n = 0; n < texts; n++) {
    for (let j = 1; j <= slots; j += 4) {
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let i = 0; i < shingles; i++) {
        const hash = hashes[i]!;
        const ai = Math.imul(hash, j);
        if (ai < a) a = ai;
        const bi = Math.imul(hash, j + 1);
        if (bi < b) b = bi;
        const ci = Math.imul(hash, j + 2);
        if (ci < c) c = ci;
        const di = Math.imul(hash, j + 3);
        if (di < d) d = di;
      }
      sum = (sum + a + b + c + d) | 0;
    }
  }
  return sum;
}
