import { beginTexts } from "../../tokenizer/chat/chat.ts";
import { hasChatTemplate } from "../../tokenizer/chat/template.ts";
import { itemsOf } from "../asking/items-of.ts";
import { type Asked, promptOf, tailOf } from "../asking/prompt.ts";
import { shownPrompt } from "../asking/shown-prompt.ts";
import { type Environment, hashInput, type Prepared, scoresIn } from "../benchmark.ts";
import { hashPosition } from "../held-out.ts";

/** A question on a long document, from a row of somebody's benchmark. */
export interface LongQuestion {
  id: string;
  /** Of the message: what stands before the document, the document, and the question behind it. */
  before: string;
  document: string;
  after: string;
  maxNewTokens: number;
  /** As it is shown beside the answer. */
  target: string;
  slices: readonly string[];
  score(prediction: string): Record<string, number>;
}

/**
 * Up to `limit` of some questions, by the hashes of their ids, each as a user's message, or as text alone
 * where the checkpoint has no chat template. Of the document what `eval.truncate` says is cut.
 */
export async function longItems(
  environment: Environment,
  questions: AsyncIterable<LongQuestion>,
): Promise<Prepared> {
  const all: { question: LongQuestion; position: string }[] = [];
  for await (const question of questions) all.push({ question, position: hashPosition(question.id) });
  const chosen = all
    .toSorted((a, b) => (a.position < b.position ? -1 : 1))
    .slice(0, environment.limit)
    .map(({ question }) => question);
  const { tokenizer } = environment;
  const isChat = await hasChatTemplate(tokenizer);
  const render = isChat
    ? undefined
    : async ({ messages }: Asked) => (await beginTexts(tokenizer, [messages[0]!.content]))[0]!;
  const { items, skipped } = await itemsOf(chosen, environment.truncate, async (question) => {
    const { id, before, document, after, maxNewTokens, target, slices, score } = question;
    const messages = [{ role: "user" as const, content: before + document + after }];
    const context = [{ message: 0, start: before.length, end: before.length + document.length }];
    const { ids, tokensCut } = await promptOf(environment, { id, messages, context }, maxNewTokens, render);
    return {
      isShortened: tokensCut > 0,
      tokensCut,
      inputHash: hashInput([ids], [target]),
      prompt: ids,
      maxNewTokens,
      tokenizer,
      async judge(prediction) {
        return {
          scores: scoresIn(slices, score(prediction)),
          prompt: shownPrompt({ messages, context }),
          promptTail: await tailOf(environment, ids),
          target,
          prediction,
          tokens: ids.length,
        };
      },
    };
  });
  const left = all.length - chosen.length;
  return { items, skipped: { ...skipped, ...(left > 0 && { "rows over the limit": left }) } };
}
