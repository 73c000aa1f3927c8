import type { Example } from "../../contracts/example.ts";
import type { MixSpec } from "../../contracts/recipe.ts";
import { callPieces } from "../../tokenizer/chat/call-pieces.ts";
import { answersAlone, trainedMessages } from "../../tokenizer/chat/train-on.ts";

/** What a mask must come to: a message's content; of one that calls tools also texts that are in its calls, however those are written. */
export type Answer = string | { content: string; calls: string[] };

/** Of the messages that are trained, in order. `leftOut`: those that the template cannot train. */
export function answersOf(
  { messages }: Pick<Example, "messages">,
  trainOn: MixSpec["train_on"] = answersAlone,
  leftOut: readonly number[] = [],
): Answer[] {
  const isTrained = trainedMessages(messages, trainOn);
  return messages.flatMap(({ content, tool_calls }, i) => {
    if (!isTrained[i] || leftOut.includes(i)) return [];
    return [tool_calls === undefined ? content : { content, calls: callPieces(tool_calls) }];
  });
}

/** What `render: text` learns from: the trained messages of an example, in order. */
export function trainedTexts({ messages }: Pick<Example, "messages">): string[] {
  const isTrained = trainedMessages(messages, answersAlone);
  return messages.flatMap(({ content }, i) => (isTrained[i] ? [content] : []));
}

/**
 * Whether the texts of a sequence's runs of labels, `bare` of white space and special tokens, are these answers: each
 * that calls tools begins with its content, has the texts of its calls after it, and ends where a run does. What the
 * template writes around and between these is not known here.
 */
export function matchesAnswers(
  runs: readonly string[],
  answers: readonly Answer[],
  bare: (text: string) => string,
): boolean {
  const got = runs.join("");
  const ends: number[] = [];
  for (const run of runs) ends.push((ends.at(-1) ?? 0) + run.length);
  const isIn = (text: string, piece: string): boolean =>
    spellings(piece).some((one) => text.includes(bare(one)));
  const match = (k: number, at: number): boolean => {
    const answer = answers[k];
    if (answer === undefined) return at === got.length;
    const content = bare(typeof answer === "string" ? answer : answer.content);
    if (!got.startsWith(content, at)) return false;
    const after = at + content.length;
    if (typeof answer === "string") return match(k + 1, after);
    return ends.some((end) => {
      const written = got.slice(after, end);
      return end >= after && answer.calls.every((piece) => isIn(written, piece)) && match(k + 1, end);
    });
  };
  return match(0, 0);
}

/** As it is, and as JSON has it, in a JSON text too. */
function spellings(text: string): string[] {
  const once = JSON.stringify(text).slice(1, -1);
  return [text, once, JSON.stringify(once).slice(1, -1)];
}
