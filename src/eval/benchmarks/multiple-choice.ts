import type { ZebraModel } from "../../model/api.ts";
import { renderChats } from "../../tokenizer/chat.ts";
import type { Benchmark, Environment, Item } from "../benchmark.ts";
import { scoresIn } from "../benchmark.ts";
import { chooseExamples } from "../choose.ts";
import { type Prompt, promptOf, tailOf } from "../prompt.ts";

/** Room for the longest choice. */
const choiceTokens = 96;

/**
 * The choice with the highest log-likelihood as the answer: `acc` by its sum over tokens, `acc_norm` by that
 * divided by the choice's bytes, as lm-evaluation-harness. The end token is not scored.
 * `options.length: short` takes short documents only.
 */
export const multipleChoice: Benchmark = {
  defaultLimit: 40,
  async items(environment) {
    const { dataDir, spec } = environment;
    const wanted = spec.options?.length;
    const { examples, skipped } = await chooseExamples(
      dataDir,
      "qa",
      spec.limit ?? multipleChoice.defaultLimit,
      ({ meta }) => Array.isArray(meta.choices) && (wanted === undefined || meta.length === wanted),
    );
    const items: Item[] = [];
    for (const example of examples) {
      const prompt = await promptOf(environment, example, choiceTokens);
      const choices = example.meta.choices as string[];
      const right = example.meta.answer_index as number;
      items.push({
        id: example.id,
        isShortened: prompt.isShortened,
        async ask(model) {
          const sums = await choiceLogLikelihoods(model, environment, prompt, choices);
          const perByte = sums.map((sum, i) => sum / Buffer.byteLength(choices[i]!));
          const first = indexOfMax(sums);
          const metrics = { acc: Number(first === right), acc_norm: Number(indexOfMax(perByte) === right) };
          return {
            scores: scoresIn([String(example.meta.length ?? "")].filter(Boolean), metrics),
            promptTail: await tailOf(environment, prompt.ids),
            target: choices[right]!,
            prediction: choices[first]!,
            tokens: prompt.ids.length,
          };
        },
      });
    }
    return { items, skipped };
  },
};

/** Σ log p of each choice's tokens after the prompt, in nats; all choices in one pass, as isolated segments. */
async function choiceLogLikelihoods(
  model: ZebraModel,
  { tokenizer }: Environment,
  prompt: Prompt,
  choices: readonly string[],
): Promise<number[]> {
  const rendered = await renderChats(
    tokenizer,
    choices.map((content) => [...prompt.messages, { role: "assistant" as const, content }]),
  );
  const ids = Int32Array.from(rendered.flatMap((one) => [...one.ids]));
  const targets = new Int32Array(ids.length).fill(-100);
  const segments = rendered.map((one) => one.ids.length);
  let start = 0;
  for (const one of rendered) {
    for (let t = prompt.ids.length; t < one.ids.length; t++) {
      const isEnd = [...tokenizer.specials.values()].includes(one.ids[t]!);
      if (!isEnd) targets[start + t - 1] = one.ids[t]!;
    }
    start += one.ids.length;
  }
  const nll = await model.nll(ids, targets, segments);
  start = 0;
  return segments.map((length) => {
    const sum = nll.subarray(start, start + length).reduce((a, x) => a + x, 0);
    start += length;
    return -sum;
  });
}

const indexOfMax = (values: readonly number[]): number => values.indexOf(Math.max(...values));
