import { Type } from "@sinclair/typebox";
import { unsupervised } from "../../contracts/pack.ts";
import { joinIds } from "../asking/join-ids.ts";
import { withoutMiddle } from "../asking/shown-prompt.ts";
import { defineBenchmark, hashInput, type Item, type Score } from "../benchmark.ts";
import { type HeldOutText, heldOutTexts } from "../held-out.ts";
import { beforeSlice } from "../lengths/slices.ts";

/** Documents that are looked at to find long ones, for each that is asked about. */
const lookedAt = 16;

/**
 * Whether more context helps: the same tokens of held-out documents are predicted with 256, 512, 1,024 …
 * tokens before them, and nothing before those. `perplexity` and `nats_per_token` of the whole are those with
 * the most context; `context_gain` is how many nats a token the most context saves over the least.
 *
 * A document is read once for each context. As each is twice the one before, that costs about twice the
 * longest one.
 */
export const contextGain = defineBenchmark({
  defaultLimit: 40,
  asksAbout: "documents that are long enough",
  headline: { metric: "perplexity", name: "perplexity" },
  metrics: {
    nats_per_token: { better: "lower" },
    perplexity: { better: "lower", derived: { from: "nats_per_token", of: Math.exp } },
    context_gain: { better: "higher" },
  },
  options: {
    contexts: Type.Array(Type.Integer({ minimum: 1 }), {
      description:
        "Tokens before the predicted ones. Those for which `eval.max_seq_tokens` or all documents are too short " +
        "are left out and counted.",
      minItems: 2,
      uniqueItems: true,
      default: [256, 512, 1024, 2048, 4096],
      expected: "a list of at least two whole numbers from 1, each once",
    }),
    targets: Type.Integer({
      description: "How many tokens of each document are predicted.",
      minimum: 1,
      default: 256,
      expected: "a whole number from 1",
    }),
  },
  async items({ tokenizer, heldOut, maxSeqTokens, limit }, { contexts: asked, targets }) {
    const { before } = tokenizer.around;
    const skipped: Record<string, number> = {};
    const fits = (context: number): boolean => before.length + context + targets <= maxSeqTokens;
    for (const context of asked)
      if (!fits(context)) skipped[`${context} tokens and ${targets}: over max_seq_tokens`] = 1;
    const wanted = asked.filter(fits).toSorted((a, b) => a - b);
    const texts = await heldOutTexts(heldOut, limit * lookedAt);
    const all = await encodeLong(texts, (wanted[0] ?? 0) + targets, (some) => tokenizer.encodeBatch(some));
    // All documents are asked the same, so contexts that none of them is long enough for are left out.
    const most = Math.max(0, ...all.map(({ ids }) => ids.length));
    const contexts = wanted.filter((context) => context + targets <= most);
    for (const context of wanted)
      if (context + targets > most)
        skipped[`${context} tokens and ${targets}: longer than every document`] = 1;
    const [least = 0, longest = 0] = [contexts[0], contexts.at(-1)];
    const chosen = contexts.length < 2 ? [] : all.filter(({ ids }) => ids.length >= longest + targets);
    if (texts.length > chosen.length) {
      skipped[`documents under ${longest + targets} tokens`] = texts.length - chosen.length;
    }
    const items = chosen.slice(0, limit).map(({ id, text, ids }): Item => {
      const end = longest + targets;
      const windows = contexts.map((context) => joinIds(before, ids.subarray(longest - context, end)));
      return {
        id,
        isShortened: false,
        inputHash: hashInput(windows),
        async ask(model) {
          const nats: number[] = [];
          for (const window of windows) {
            const start = window.length - targets;
            const next = Int32Array.from(window, (_, t) =>
              t >= start - 1 ? (window[t + 1] ?? unsupervised) : unsupervised,
            );
            nats.push((await model.nll(window, next, [window.length])).reduce((sum, x) => sum + x, 0));
          }
          return {
            scores: gainScores(contexts, nats, targets),
            prompt: { text: id, document: withoutMiddle(text, 800) },
            promptTail: text.slice(0, 200),
            target: "",
            prediction: "",
            tokens: before.length + end,
          };
        },
      };
    });
    const how = `${targets} tokens a document, with ${contexts.join(", ")} before them (${least} the least)`;
    return { items, skipped, ...(items.length > 0 && { how }) };
  },
});

/** Nats of the predicted tokens for each context, rising, and what the most saves over the least. */
export function gainScores(contexts: readonly number[], nats: readonly number[], weight: number): Score[] {
  const metric = "nats_per_token";
  return [
    { slice: "", metric, sum: nats.at(-1)!, weight },
    { slice: "", metric: "context_gain", sum: nats[0]! - nats.at(-1)!, weight },
    ...contexts.map((context, i) => ({ slice: beforeSlice(context), metric, sum: nats[i]!, weight })),
  ];
}

/** Texts with at least `fewest` tokens. */
async function encodeLong(
  texts: readonly HeldOutText[],
  fewest: number,
  encode: (texts: readonly string[]) => Promise<Int32Array[]>,
): Promise<(HeldOutText & { ids: Int32Array })[]> {
  // A token has at least one byte.
  const maybe = texts.filter(({ text }) => Buffer.byteLength(text) >= fewest);
  const ids = await encode(maybe.map(({ text }) => text));
  return maybe.map((one, i) => ({ ...one, ids: ids[i]! })).filter((one) => one.ids.length >= fewest);
}
