import { Type } from "@sinclair/typebox";
import { DataError } from "../../errors.ts";
import { renderPrompt } from "../../tokenizer/chat/chat.ts";
import { tailOf } from "../asking/prompt.ts";
import { defineBenchmark, type Environment, hashInput, type Item, rising, scoresIn } from "../benchmark.ts";
import { hashPosition, heldOutTexts } from "../held-out.ts";
import { depthSlice, placeSlice } from "../lengths/slices.ts";

const depths = [0, 25, 50, 75, 100];
const maxNewTokens = 16;
/** How many held-out documents the filler is taken from. */
const fillerDocuments = 64;

/**
 * A pass key is hidden at some depth of a text of some length, and the model has to repeat it (Mohtashami and
 * Jaggi, "Landmark Attention", arXiv 2305.16300: their prompt, with held-out text in place of repeated
 * sentences).
 *
 * The metric is exact match of the five digits, by length in tokens (the whole prompt with room for the
 * answer), and in the report also by depth in percent of the filler. Keys and filler come from a hash of
 * length, depth and trial.
 */
export const passkey = defineBenchmark({
  defaultLimit: 100,
  headline: { metric: "exact_match", name: "exact match" },
  metrics: rising("exact_match"),
  details: depthSlice,
  options: {
    lengths: Type.Array(Type.Integer({ minimum: 1 }), {
      description:
        "Tokens of the prompt with room for the answer; those over `eval.max_seq_tokens` are skipped and " +
        "counted.",
      minItems: 1,
      default: [512, 1024, 2048, 4096],
      expected: "a list of whole numbers from 1",
    }),
    trials: Type.Integer({
      description: "Keys in each place.",
      minimum: 1,
      default: 1,
      expected: "a whole number from 1",
    }),
  },
  async items(environment, { lengths: asked, trials }) {
    const { heldOut, limit, maxSeqTokens } = environment;
    const lengths = asked.filter((length) => length <= maxSeqTokens);
    const filler = (await heldOutTexts(heldOut, fillerDocuments)).map(({ text }) => text).join("\n");
    const skipped: Record<string, number> = {};
    for (const length of asked) {
      if (length > maxSeqTokens) skipped[`${length} tokens is over max_seq_tokens`] = depths.length * trials;
    }
    const places = Array.from({ length: trials }, (_, trial) =>
      lengths.flatMap((length) => depths.map((depth) => ({ length, depth, trial }))),
    ).flat();
    if (places.length > limit) skipped["over the limit"] = places.length - limit;
    const items: Item[] = [];
    for (const place of places.slice(0, limit)) items.push(await passkeyItem(environment, filler, place));
    return { items, skipped };
  },
});

interface KeyPlace {
  length: number;
  depth: number;
  trial: number;
}

async function passkeyItem(environment: Environment, filler: string, place: KeyPlace): Promise<Item> {
  const { length, depth, trial } = place;
  const id = `passkey/${length}/${depth}/${trial}`;
  const hash = hashPosition(id);
  const key = String(10000 + (Number.parseInt(hash.slice(0, 8), 16) % 90000));
  const words = wordsFrom(filler, Number.parseInt(hash.slice(8, 16), 16));
  const prompt = await longestPrompt(environment, length - maxNewTokens, (count) =>
    promptText(words(count), depth, key),
  );
  return {
    id,
    isShortened: false,
    inputHash: hashInput([prompt], [key]),
    prompt,
    maxNewTokens,
    tokenizer: environment.tokenizer,
    async judge(prediction) {
      const slices = [placeSlice({ length }), placeSlice({ length, depth })];
      return {
        scores: scoresIn(slices, { exact_match: Number(prediction.match(/\d+/)?.[0] === key) }),
        prompt: {
          text: `${promptText(["[document] "], depth < 50 ? 0 : 100, key)}`,
          document: `${length} tokens, the key at ${depth} %`,
        },
        promptTail: await tailOf(environment, prompt),
        target: key,
        prediction,
        tokens: prompt.length,
      };
    },
  };
}

/** Gives `count` words of the filler from a place that `seed` decides; after its end it starts again. */
function wordsFrom(filler: string, seed: number): (count: number) => string[] {
  const all = filler.match(/\S+\s*/g) ?? [];
  if (all.length === 0)
    throw new DataError("passkey: expected held-out text as filler, got none. Hold out more.");
  const start = seed % all.length;
  return (count) => Array.from({ length: count }, (_, i) => all[(start + i) % all.length]!);
}

/** The user's message: `words` of filler with the key at `depth` percent of them. */
export function promptText(words: readonly string[], depth: number, key: string): string {
  const at = Math.round((words.length * depth) / 100);
  return [
    "There is an important info hidden inside a lot of irrelevant text. Find it and memorize them. I will " +
      "quiz you about the important information there.",
    words.slice(0, at).join("").trim(),
    `The pass key is ${key}. Remember it. ${key} is the pass key.`,
    words.slice(at).join("").trim(),
    "What is the pass key? The pass key is",
  ]
    .filter(Boolean)
    .join("\n");
}

/**
 * The prompt with as many words as fit into `maxTokens`, found by bisection. Throws DataError when none fits.
 */
async function longestPrompt(
  { tokenizer }: Environment,
  maxTokens: number,
  textOf: (words: number) => string,
): Promise<Int32Array> {
  const render = (words: number) => renderPrompt(tokenizer, [{ role: "user", content: textOf(words) }]);
  let best = await render(0);
  if (best.length > maxTokens) {
    throw new DataError(
      `passkey: expected lengths of at least ${best.length + maxNewTokens} tokens, got ` +
        `${maxTokens + maxNewTokens}`,
    );
  }
  // A word has at least one token.
  let [low, high] = [0, maxTokens + 1];
  while (high - low > 1) {
    // Guesses from the tokens per word so far, which is faster than halving.
    const guess = low > 0 ? Math.floor((low * maxTokens) / best.length) : low;
    const middle = guess > low && guess < high ? guess : (low + high) >> 1;
    const ids = await render(middle);
    if (ids.length <= maxTokens) [low, best] = [middle, ids];
    else high = middle;
    if (maxTokens - best.length < 8) break;
  }
  return best;
}
