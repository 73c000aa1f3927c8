import { Type } from "@sinclair/typebox";
import type { Example } from "../../contracts/example.ts";
import { DataError } from "../../errors.ts";
import { fitContext } from "../../mixing/sequences/over-length.ts";
import type { ZebraModel } from "../../model/api.ts";
import { choice } from "../../schema.ts";
import { type Rendered, renderChats } from "../../tokenizer/chat/chat.ts";
import { choiceScores, indexOfMax } from "../asking/choice-scores.ts";
import { itemsOf } from "../asking/items-of.ts";
import { cutPlace, tooLong } from "../asking/prompt.ts";
import { shownPrompt } from "../asking/shown-prompt.ts";
import {
  defineBenchmark,
  documentName,
  type Environment,
  hashInput,
  lengthSlice,
  rising,
  type ShownPrompt,
  scoresIn,
} from "../benchmark.ts";
import { textsOf } from "../controls/change-document.ts";
import { chooseExamples } from "../held-out.ts";

/**
 * Takes the choice with the highest log-likelihood as the answer: the three accuracies of `choiceScores`. As
 * in lm-evaluation-harness, the end token is not scored. `options.length: short` uses short documents only.
 */
export const multipleChoice = defineBenchmark({
  defaultLimit: 40,
  headline: { metric: "acc", name: "accuracy" },
  metrics: rising("acc", "acc_norm", "acc_bytes"),
  isControlled: true,
  options: {
    length: Type.Optional(
      choice(["short", "long"], { description: "Examples with documents of this length only." }),
    ),
  },
  async items(environment, { length: wanted }) {
    const { heldOut, limit } = environment;
    const { examples, skipped } = await chooseExamples(heldOut, "qa", limit, ({ meta }) => {
      if (!hasChoices(meta)) return "no meta.choices with meta.answer_index";
      return wanted === undefined || meta.length === wanted ? undefined : `not ${wanted}`;
    });
    const made = await itemsOf(examples, environment.truncate, async (example) => {
      const choices = example.meta.choices as string[];
      const right = example.meta.answer_index as number;
      // An empty choice has nothing to score and would always be the likeliest.
      if (choices.some((choice) => choice.trim() === "")) {
        throw new DataError(`${example.id}: expected choices with text, got an empty one in meta.choices`);
      }
      const { rendered, tokensCut } = await renderChoices(environment, example, choices);
      return {
        isShortened: tokensCut > 0,
        tokensCut,
        inputHash: hashInput(
          rendered.map(({ ids }) => ids),
          [choices[right]!],
        ),
        document: documentName(example),
        gold: { choices, right },
        texts: () => textsOf(example),
        async ask(model) {
          const sums = await logLikelihoods(model, rendered);
          return {
            scores: scoresIn(lengthSlice(example), choiceScores(sums, choices, right)),
            prompt: withChoices(
              shownPrompt({ ...example, messages: example.messages.slice(0, -1) }),
              choices,
            ),
            promptTail: example.messages.at(-2)!.content.slice(-200),
            target: choices[right]!,
            prediction: choices[indexOfMax(sums)]!,
            tokens: Math.max(...rendered.map(({ ids }) => ids.length)),
          };
        },
      };
    });
    return { items: made.items, skipped: { ...skipped, ...made.skipped } };
  },
});

function withChoices({ text, ...prompt }: ShownPrompt, choices: readonly string[]): ShownPrompt {
  return { text: `${text}\n\n${choices.map((choice) => `– ${choice}`).join("\n")}`, ...prompt };
}

function hasChoices({ choices, answer_index: right }: Example["meta"]): boolean {
  const isText = Array.isArray(choices) && choices.every((choice) => typeof choice === "string");
  return isText && typeof right === "number" && choices[right] !== undefined;
}

/**
 * Renders each choice as the answer, with the tokens that are scored. The context is shortened to fit the
 * longest choice.
 */
async function renderChoices(
  { tokenizer, maxSeqTokens, truncate }: Environment,
  example: Example,
  choices: readonly string[],
): Promise<{ rendered: Rendered[]; tokensCut: number }> {
  const render = ({ messages, tools }: Pick<Example, "messages" | "tools">) =>
    renderChats(
      tokenizer,
      choices.map((content) => ({
        messages: [...messages.slice(0, -1), { role: "assistant" as const, content }],
        ...(tools && { tools }),
      })),
    );
  const longest = (all: readonly Rendered[]): number => Math.max(...all.map(({ ids }) => ids.length));
  let rendered = await render(example);
  const whole = longest(rendered);
  if (whole > maxSeqTokens) {
    const place = cutPlace(truncate, example.id, whole, maxSeqTokens);
    const measure = async (one: typeof example): Promise<number> => {
      rendered = await render(one);
      return longest(rendered);
    };
    const shorter = await fitContext(example, whole, maxSeqTokens, measure, place);
    if (!shorter) throw tooLong(example, "", maxSeqTokens, longest(rendered));
  }
  const specials = new Set(tokenizer.specials.values());
  return {
    rendered: rendered.map((one) => onlyAnswer(one, specials)),
    tokensCut: whole - longest(rendered),
  };
}

/** Scores what training trains, but without the end token and without earlier answers of the conversation. */
function onlyAnswer({ ids, trained }: Rendered, specials: ReadonlySet<number>): Rendered {
  let end = ids.length;
  while (end > 0 && (trained[end - 1] === 0 || specials.has(ids[end - 1]!))) end--;
  let start = end;
  while (start > 0 && trained[start - 1] === 1 && !specials.has(ids[start - 1]!)) start--;
  return { ids, trained: new Uint8Array(ids.length).fill(1, start, end) };
}

/**
 * Σ log p of the scored tokens of each choice, in nats. The token ids that all choices begin with go through
 * the model once; the rest of each choice follows them, all side by side.
 */
export async function logLikelihoods(model: ZebraModel, rendered: readonly Rendered[]): Promise<number[]> {
  const length = sharedLength(rendered);
  if (length === 0) {
    const sums: number[] = [];
    for (const one of rendered) sums.push(...(await logLikelihoodsAfter(model, [one], 1)));
    return sums;
  }
  return logLikelihoodsAfter(model, rendered, length);
}

/**
 * How many tokens all choices share at their beginning, up to the first scored token: what comes before a
 * scored token predicts it.
 */
function sharedLength(rendered: readonly Rendered[]): number {
  const [first] = rendered;
  let length = 0;
  while (
    rendered.every(
      ({ ids, trained }) => length < ids.length && ids[length] === first!.ids[length] && !trained[length],
    )
  )
    length++;
  return length;
}

async function logLikelihoodsAfter(
  model: ZebraModel,
  rendered: readonly Rendered[],
  length: number,
): Promise<number[]> {
  const rests = rendered.map(({ ids }) => ids.subarray(length));
  await using prefix = await model.openPrefix(
    rendered[0]!.ids.subarray(0, length),
    Math.max(...rests.map((rest) => rest.length)),
  );
  const found = await prefix.nll(rests);
  return found.map(
    (nll, i) => -nll.reduce((sum, x, t) => sum + (rendered[i]!.trained[length + t] ? x : 0), 0),
  );
}
