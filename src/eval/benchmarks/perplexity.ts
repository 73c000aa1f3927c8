import { renderTexts } from "../../tokenizer/chat.ts";
import type { Benchmark, Score } from "../benchmark.ts";
import { heldOutTexts } from "../choose.ts";

/** Bounds of the buckets of context length, in tokens: a token's bucket is how much stands before it. */
const bounds = [0, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536];

/** How well held-out documents are predicted, by the length of context a token has before it. */
export const perplexity: Benchmark = {
  defaultLimit: 32,
  derived: { perplexity: { from: "nats_per_token", of: Math.exp } },
  async items({ tokenizer, dataDir, maxSeqTokens, spec }) {
    const texts = (await heldOutTexts(dataDir)).slice(0, spec.limit ?? perplexity.defaultLimit);
    const rendered = await renderTexts(
      tokenizer,
      texts.map(({ text }) => text),
    );
    const items = texts.map(({ id, text }, i) => {
      const ids = rendered[i]!.ids.slice(0, maxSeqTokens);
      const isShortened = ids.length < rendered[i]!.ids.length;
      return {
        id,
        isShortened,
        async ask(model) {
          const targets = Int32Array.from(ids, (_, t) => ids[t + 1] ?? -100);
          const nll = await model.nll(ids, targets, [ids.length]);
          const seen = await tokenizer.decode(ids, { skipSpecial: true });
          return {
            scores: [...bucketScores(nll), bitsPerByte(nll, isShortened ? seen : text)],
            promptTail: text.slice(0, 200),
            target: "",
            prediction: "",
            tokens: ids.length,
          };
        },
      } satisfies Awaited<ReturnType<Benchmark["items"]>>["items"][number];
    });
    return { items, skipped: 0 };
  },
};

/** Sums of nll, nats: over all targets, and over those of each bucket. The last position has no target. */
function bucketScores(nll: Float32Array): Score[] {
  const scores: Score[] = [{ slice: "", metric: "nats_per_token", sum: 0, weight: nll.length - 1 }];
  for (let t = 0; t < nll.length - 1; t++) scores[0]!.sum += nll[t]!;
  for (let b = 0; b + 1 < bounds.length; b++) {
    const [from, to] = [bounds[b]!, Math.min(bounds[b + 1]!, nll.length - 1)];
    if (from >= to) break;
    const sum = nll.subarray(from, to).reduce((a, x) => a + x, 0);
    scores.push({ slice: `${from}-${bounds[b + 1]}`, metric: "nats_per_token", sum, weight: to - from });
  }
  return scores;
}

/** Independent of the tokenizer: nats over ln 2, a byte of UTF-8. */
function bitsPerByte(nll: Float32Array, text: string): Score {
  const nats = nll.reduce((a, x) => a + x, 0);
  return { slice: "", metric: "bits_per_byte", sum: nats / Math.LN2, weight: Buffer.byteLength(text) };
}
