import { unsupervised } from "../../contracts/pack.ts";
import type { Truncate } from "../../contracts/recipe/eval.ts";
import { beginTexts } from "../../tokenizer/chat/chat.ts";
import { itemsOf } from "../asking/items-of.ts";
import { cutPlace } from "../asking/prompt.ts";
import { withoutMiddle } from "../asking/shown-prompt.ts";
import { defineBenchmark, hashInput, type Score } from "../benchmark.ts";
import { heldOutTexts } from "../held-out.ts";

/** Bounds of the buckets of context length. A target's bucket is the number of tokens before it. */
const bounds = [0, 512, ...Array.from({ length: 12 }, (_, i) => 1024 * 2 ** i), Number.POSITIVE_INFINITY];

/**
 * How well held-out documents are predicted: nats per token and perplexity by the number of tokens before the
 * token, and bits per byte of UTF-8. A document is plain text after what its tokenizer puts before texts
 * (BOS, or nothing); no end token is scored.
 * Documents longer than `max_seq_tokens` are cut there and counted as shortened; with `truncate: start` their
 * last tokens are asked instead.
 */
export const perplexity = defineBenchmark({
  defaultLimit: 40,
  asksAbout: "documents (plain texts, or what prompts have marked as `context`)",
  headline: { metric: "perplexity", name: "perplexity" },
  metrics: {
    nats_per_token: { better: "lower" },
    bits_per_byte: { better: "lower" },
    perplexity: { better: "lower", derived: { from: "nats_per_token", of: Math.exp } },
  },
  options: {},
  async items({ tokenizer, heldOut, maxSeqTokens, truncate, limit }) {
    const texts = await heldOutTexts(heldOut, limit);
    const begun = await beginTexts(
      tokenizer,
      texts.map(({ text }) => text),
    );
    const wholes = new Map(texts.map((one, i) => [one, begun[i]!]));
    return itemsOf(texts, truncate, async (one) => {
      const { id, text } = one;
      const whole = wholes.get(one)!;
      const ids = fittingIds(id, whole, maxSeqTokens, truncate, tokenizer.around.before.length);
      return {
        isShortened: ids.length < whole.length,
        tokensCut: whole.length - ids.length,
        inputHash: hashInput([ids]),
        async ask(model) {
          const targets = Int32Array.from(ids, (_, t) => ids[t + 1] ?? unsupervised);
          const nll = (await model.nll(ids, targets, [ids.length])).subarray(0, -1);
          const scored = await tokenizer.decode(ids.subarray(1), { skipSpecial: true });
          return {
            scores: [...bucketScores(nll), bitsPerByte(nll, scored)],
            prompt: { text: id, document: withoutMiddle(text, 800) },
            promptTail: text.slice(0, 200),
            target: "",
            prediction: "",
            tokens: ids.length,
          };
        },
      };
    });
  },
});

/**
 * A document's first tokens, as many as there is room for, or with `start` its last ones after those that its
 * tokenizer puts before texts. A text that goes on after a gap is none, so its middle is never left out.
 */
function fittingIds(
  id: string,
  whole: Int32Array,
  room: number,
  truncate: Truncate,
  before: number,
): Int32Array {
  if (whole.length <= room) return whole;
  if (cutPlace(truncate, id, whole.length, room) !== "start") return whole.slice(0, room);
  return Int32Array.of(...whole.subarray(0, before), ...whole.subarray(whole.length - room + before));
}

/**
 * Sums of nll in nats: over all targets, and over those of each bucket. `nll[t]` belongs to the target after
 * t + 1 tokens.
 */
export function bucketScores(nll: Float32Array): Score[] {
  const sumOf = (from: number, to: number): number => {
    let sum = 0;
    for (let t = from; t < to; t++) sum += nll[t]!;
    return sum;
  };
  const metric = "nats_per_token";
  const scores: Score[] = [{ slice: "", metric, sum: sumOf(0, nll.length), weight: nll.length }];
  for (let b = 0; b + 1 < bounds.length; b++) {
    const [from, to] = [Math.max(0, bounds[b]! - 1), Math.min(bounds[b + 1]! - 1, nll.length)];
    if (from >= to) break;
    const slice = `${shortCount(bounds[b]!)}–${shortCount(bounds[b + 1]!)}`;
    scores.push({ slice, metric, sum: sumOf(from, to), weight: to - from });
  }
  return scores;
}

function shortCount(tokens: number): string {
  if (tokens === Number.POSITIVE_INFINITY) return "";
  return tokens < 1024 ? String(tokens) : `${tokens / 1024}k`;
}

/** Bits per byte of UTF-8: nats over ln 2. Does not depend on the tokenizer. */
function bitsPerByte(nll: Float32Array, text: string): Score {
  const nats = nll.reduce((a, x) => a + x, 0);
  return { slice: "", metric: "bits_per_byte", sum: nats / Math.LN2, weight: Buffer.byteLength(text) };
}
