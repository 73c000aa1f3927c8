import type { Example, Message } from "../../contracts/example.ts";
import { DataError } from "../../errors.ts";
import { fitContext } from "../../mixing/sequences/over-length.ts";
import type { ZebraModel } from "../../model/api.ts";
import { renderPrompt } from "../../tokenizer/chat/chat.ts";
import { stopIdsOf } from "../../tokenizer/ends/stop-ids.ts";
import type { Environment, Prompted } from "../benchmark.ts";

export interface Prompt {
  messages: Message[];
  ids: Int32Array;
  isShortened: boolean;
}

/**
 * Everything before an example's last answer, rendered as in training. When no room is left for `newTokens`,
 * its document is shortened as the mix would. Throws DataError when that is not enough.
 */
export async function promptOf(
  { tokenizer, maxSeqTokens }: Omit<Environment, "limit">,
  example: Example,
  newTokens: number,
): Promise<Prompt> {
  const room = maxSeqTokens - newTokens;
  const question = { ...example, messages: questionOf(example) };
  let ids = await renderPrompt(tokenizer, question);
  if (ids.length <= room) return { messages: question.messages, ids, isShortened: false };
  const shorter = await fitContext(question, ids.length, room, async (one) => {
    ids = await renderPrompt(tokenizer, one);
    return ids.length;
  });
  if (shorter) return { messages: shorter.messages, ids, isShortened: true };
  throw tooLong(example, "a prompt of ", room, ids.length);
}

/** Everything before an example's last answer. */
export function questionOf({ messages }: Pick<Example, "messages">): Message[] {
  return messages.at(-1)?.role === "assistant" ? messages.slice(0, -1) : messages;
}

/** The error for what does not fit even when its document is shortened. */
export function tooLong({ id }: Example, what: string, most: number, got: number): DataError {
  return new DataError(
    `${id}: expected ${what}at most ${most} tokens once its context is shortened, got ${got}. ` +
      "Set a larger eval.max_seq_tokens.",
  );
}

/**
 * Greedy continuations of several prompts as text, each up to an end token or to `maxNewTokens`, which is
 * the same for all of them.
 */
export async function answerTexts(
  model: ZebraModel,
  asked: readonly Omit<Prompted, "judge">[],
): Promise<{ text: string; isCut: boolean }[]> {
  if (asked.length === 0) return [];
  const { maxNewTokens, tokenizer } = asked[0]!;
  const stopIds = await stopIdsOf(model.ends, tokenizer);
  const prompts = asked.map(({ prompt }) => prompt);
  const texts: { text: string; isCut: boolean }[] = [];
  for (const { ids, finish } of await model.generateBatch(prompts, { maxNewTokens, stopIds })) {
    const text = await tokenizer.decode(finish === "stop" ? ids.slice(0, -1) : ids, { skipSpecial: true });
    texts.push({ text: text.trim(), isCut: finish !== "stop" });
  }
  return texts;
}

/** The end of a prompt, for the sample log. */
export async function tailOf(
  { tokenizer }: Pick<Environment, "tokenizer">,
  ids: Int32Array,
): Promise<string> {
  return (await tokenizer.decode(ids.slice(-60))).slice(-200);
}
