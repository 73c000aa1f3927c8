import type { Example, Message } from "../../contracts/example.ts";
import type { Truncate } from "../../contracts/recipe/eval.ts";
import { DataError } from "../../errors.ts";
import { type CutPlace, fitContext } from "../../mixing/sequences/over-length.ts";
import type { ZebraModel } from "../../model/api.ts";
import { renderPrompt } from "../../tokenizer/chat/chat.ts";
import { stopIdsOf } from "../../tokenizer/ends/stop-ids.ts";
import type { Environment, Prompted } from "../benchmark.ts";
import { OverLength } from "./items-of.ts";

/** What of an example a prompt is made of. */
export type Asked = Pick<Example, "id" | "messages" | "context" | "tools">;

export interface Prompt {
  messages: Message[];
  ids: Int32Array;
  isShortened: boolean;
  tokensCut: number;
}

/**
 * Everything before an example's last answer, rendered as in training. When no room is left for `newTokens`,
 * its document is shortened where `truncate` says. Throws OverLength where nothing is to be cut, DataError
 * when cutting is not enough.
 */
export async function promptOf(
  { tokenizer, maxSeqTokens, truncate }: Omit<Environment, "limit">,
  example: Asked,
  newTokens: number,
  render: (question: Asked) => Promise<Int32Array> = (question) => renderPrompt(tokenizer, question),
): Promise<Prompt> {
  const room = maxSeqTokens - newTokens;
  const question = { ...example, messages: questionOf(example) };
  let ids = await render(question);
  const whole = ids.length;
  if (whole <= room) return { messages: question.messages, ids, isShortened: false, tokensCut: 0 };
  const place = cutPlace(truncate, example.id, whole, room);
  const measure = async (one: typeof question): Promise<number> => {
    ids = await render(one);
    return ids.length;
  };
  const shorter = await fitContext(question, whole, room, measure, place);
  if (shorter) return { messages: shorter.messages, ids, isShortened: true, tokensCut: whole - ids.length };
  throw tooLong(example, "a prompt of ", room, ids.length);
}

/** Where a document is cut. Throws OverLength where nothing is to be cut. */
export function cutPlace(truncate: Truncate, id: string, tokens: number, room: number): CutPlace {
  if (truncate === "skip" || truncate === "error") throw new OverLength(id, tokens, room);
  return truncate;
}

/** Everything before an example's last answer. */
export function questionOf({ messages }: Pick<Example, "messages">): Message[] {
  return messages.at(-1)?.role === "assistant" ? messages.slice(0, -1) : messages;
}

/** The error for what does not fit even when its document is shortened. */
export function tooLong({ id }: Pick<Example, "id">, what: string, most: number, got: number): DataError {
  return new DataError(
    `${id}: expected ${what}at most ${most} tokens once its context is shortened, got ${got}. ` +
      "Set a larger eval.max_seq_tokens.",
  );
}

/**
 * Greedy continuations of several prompts as text, each up to an end token or to `maxNewTokens`, which is
 * and its ending are the same for all of them.
 */
export async function answerTexts(
  model: ZebraModel,
  asked: readonly Omit<Prompted, "judge">[],
): Promise<{ text: string; isCut: boolean }[]> {
  if (asked.length === 0) return [];
  const { maxNewTokens, tokenizer, verbatim } = asked[0]!;
  const own = await stopIdsOf(model.ends, tokenizer);
  const stopIds = [...own, ...(verbatim?.stopIds ?? [])];
  const prompts = asked.map(({ prompt }) => prompt);
  const texts: { text: string; isCut: boolean }[] = [];
  const minNewTokens = verbatim?.minNewTokens ?? 0;
  for (const { ids, finish } of await model.generateBatch(prompts, { maxNewTokens, minNewTokens, stopIds })) {
    const isEnded = finish === "stop" && (!verbatim || own.includes(ids.at(-1)!));
    const text = await tokenizer.decode(isEnded ? ids.slice(0, -1) : ids, { skipSpecial: true });
    texts.push({ text: verbatim ? text : text.trim(), isCut: finish !== "stop" });
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
