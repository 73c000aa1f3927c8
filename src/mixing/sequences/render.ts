import type { Example } from "../../contracts/example.ts";
import type { MixSpec } from "../../contracts/recipe.ts";
import { DataError } from "../../errors.ts";
import { type Rendered, renderTexts, tryRenderChats } from "../../tokenizer/chat/chat.ts";
import type { Tokenizer } from "../../tokenizer/tokenizer.ts";
import { trainedTexts } from "./answers.ts";

/**
 * Examples as token ids and masks, in the order given, by the same renderer that evaluation uses. For an
 * example that the chat template refuses, or whose answer it changes, there is a DataError that says so.
 */
export async function renderExamples(
  tokenizer: Tokenizer,
  examples: readonly Pick<Example, "messages" | "tools">[],
  { render, train_on, on_lost_thought }: Pick<MixSpec, "render" | "train_on" | "on_lost_thought">,
): Promise<(Rendered | DataError)[]> {
  if (render === "chat")
    return tryRenderChats(tokenizer, examples, { ...train_on, lostThought: on_lost_thought });
  const callers = examples.map(({ messages }) => messages.some(({ tool_calls }) => tool_calls));
  const texts = examples.flatMap((example, i) => (callers[i] ? [] : [trainedTexts(example).join("\n\n")]));
  const rendered = (await renderTexts(tokenizer, texts)).values();
  return callers.map((calls) => (calls ? callsInText() : rendered.next().value!));
}

function callsInText(): DataError {
  return new DataError(
    "render: text: expected messages of text, got tool calls, which a chat template alone can write. " +
      "Use mix.render: chat.",
  );
}

/**
 * How many tokens the loss is on. The first token of a sequence has nothing before it to be predicted from.
 */
export function supervisedCount({ trained }: Rendered): number {
  let count = 0;
  for (let t = 1; t < trained.length; t++) count += trained[t]!;
  return count;
}
