import type { Example } from "../datasets/example.ts";
import type { DataError } from "../errors.ts";
import type { MixSpec } from "../recipe/recipe.ts";
import { type Rendered, renderTexts, tryRenderChats } from "../tokenizer/chat.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";
import { answersAlone, trainedMessages } from "../tokenizer/train-on.ts";

/**
 * Examples as token ids and masks, by the one renderer that evaluation uses too, in the order given. One that
 * the chat template refuses, or in which it changes the answer, is the DataError that says so.
 */
export async function renderExamples(
  tokenizer: Tokenizer,
  examples: readonly Pick<Example, "messages">[],
  { render, train_on }: Pick<MixSpec, "render" | "train_on">,
): Promise<(Rendered | DataError)[]> {
  if (render === "text") return renderTexts(tokenizer, examples.map(textOf));
  return tryRenderChats(
    tokenizer,
    examples.map(({ messages }) => messages),
    train_on,
  );
}

/** The contents that are trained, in order: what a mask must come to. `leftOut`: messages that the template cannot train. */
export function answersOf(
  { messages }: Pick<Example, "messages">,
  trainOn: MixSpec["train_on"] = answersAlone,
  leftOut: readonly number[] = [],
): string[] {
  const isTrained = trainedMessages(messages, trainOn);
  return messages.flatMap(({ content }, i) => (isTrained[i] && !leftOut.includes(i) ? [content] : []));
}

/** What `render: text` learns from: the trained messages of an example, in order. */
function textOf(example: Pick<Example, "messages">): string {
  return answersOf(example).join("\n\n");
}

/** How many tokens the loss is on. The first token of a sequence has nothing before it to be predicted from. */
export function supervisedCount({ trained }: Rendered): number {
  let count = 0;
  for (let t = 1; t < trained.length; t++) count += trained[t]!;
  return count;
}
