import { renderPrompt } from "../../tokenizer/chat.ts";
import type { Benchmark, Environment, Item } from "../benchmark.ts";
import { scoresIn } from "../benchmark.ts";
import { heldOutTexts, placeOf } from "../choose.ts";
import { answerText, tailOf } from "../prompt.ts";

const depths = [0, 25, 50, 75, 100];
const maxNewTokens = 12;

/**
 * A pass key hidden at a depth of a text of a length, to be said again (Mohtashami and Jaggi, "Landmark
 * Attention", arXiv 2305.16300, with held-out text as filler). Exact match of the five digits, by length in
 * tokens and depth in percent. `options.lengths`: default 512, 1024, 2048, 4096 up to `max_seq_tokens`.
 */
export const passkey: Benchmark = {
  defaultLimit: 20,
  async items(environment) {
    const { dataDir, spec, maxSeqTokens } = environment;
    const asked = (spec.options?.lengths as number[] | undefined) ?? [512, 1024, 2048, 4096];
    const lengths = asked.filter((length) => length <= maxSeqTokens);
    const filler = (await heldOutTexts(dataDir)).map(({ text }) => text).join("\n");
    const places = lengths.flatMap((length) => depths.map((depth) => ({ length, depth })));
    const limit = spec.limit ?? passkey.defaultLimit;
    const items: Item[] = [];
    for (let i = 0; places.length > 0 && i < limit; i++) {
      const trial = Math.floor(i / places.length);
      items.push(await passkeyItem(environment, filler, places[i % places.length]!, trial));
    }
    return { items, skipped: asked.length - lengths.length };
  },
};

async function passkeyItem(
  environment: Environment,
  filler: string,
  { length, depth }: { length: number; depth: number },
  trial: number,
): Promise<Item> {
  const id = `passkey/${length}/${depth}/${trial}`;
  const key = String(10000 + (Number.parseInt(placeOf(id).slice(0, 8), 16) % 90000));
  const needle = `\nThe pass key is ${key}. Remember it. ${key} is the pass key.\n`;
  const content = (chars: number): string => {
    const text = filler.slice(0, chars);
    const at = Math.floor((text.length * depth) / 100);
    return (
      "There is important information hidden inside a lot of irrelevant text. Find it and memorize it.\n" +
      `${text.slice(0, at)}${needle}${text.slice(at)}\nWhat is the pass key?`
    );
  };
  const render = (chars: number) =>
    renderPrompt(environment.tokenizer, [{ role: "user", content: content(chars) }]);
  // The most filler that still fits, by bisection on its characters.
  let [low, high] = [0, Math.min(filler.length, length * 8)];
  while (high - low > 16) {
    const middle = (low + high) >> 1;
    if ((await render(middle)).length + maxNewTokens <= length) low = middle;
    else high = middle;
  }
  const prompt = await render(low);
  return {
    id,
    isShortened: false,
    async ask(model) {
      const prediction = await answerText(model, environment, prompt, maxNewTokens);
      const slices = [`${length} tokens`, `${length} tokens, depth ${depth} %`];
      return {
        scores: scoresIn(slices, { exact_match: Number(prediction.match(/\d+/)?.[0] === key) }),
        promptTail: await tailOf(environment, prompt),
        target: key,
        prediction,
        tokens: prompt.length,
      };
    },
  };
}
