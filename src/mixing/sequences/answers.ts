import type { Example } from "../../contracts/example.ts";
import type { MixSpec } from "../../contracts/recipe.ts";
import { callPieces } from "../../tokenizer/chat/tools/call-pieces.ts";
import { answersAlone, trainedMessages } from "../../tokenizer/chat/train-on.ts";

/**
 * What must be under loss: a message's content, with its thought before it, and for one with tool calls also
 * the texts in its calls, however a template writes these.
 */
export type Answer = string | { content: string; thought?: string; calls?: string[] };

/** The answers of the trained messages, in order. `leftOut`: messages that the template cannot train. */
export function answersOf(
  { messages }: Pick<Example, "messages">,
  trainOn: MixSpec["train_on"] = answersAlone,
  leftOut: readonly number[] = [],
): Answer[] {
  const isTrained = trainedMessages(messages, trainOn);
  return messages.flatMap(({ content, reasoning_content: thought, tool_calls }, i): Answer[] => {
    if (!isTrained[i] || leftOut.includes(i)) return [];
    if (!thought && tool_calls === undefined) return [content];
    return [{ content, ...(thought && { thought }), ...(tool_calls && { calls: callPieces(tool_calls) }) }];
  });
}

/** What `render: text` learns from: the trained messages of an example, in order. */
export function trainedTexts({ messages }: Pick<Example, "messages">): string[] {
  const isTrained = trainedMessages(messages, answersAlone);
  return messages.flatMap(({ content }, i) => (isTrained[i] ? [content] : []));
}

/**
 * Whether the texts of a sequence's runs of labels are these answers. `bare` removes white space and special
 * tokens. `forms`: how an answer's thought and content may stand there. An answer with tool calls has the
 * texts of its calls after that, and ends at the end of a run. What the template writes around and between
 * calls is not known here.
 */
export function matchesAnswers(
  runs: readonly string[],
  answers: readonly Answer[],
  bare: (text: string) => string,
  forms: (answer: Answer) => readonly string[],
): boolean {
  const got = runs.join("");
  const ends: number[] = [];
  for (const run of runs) ends.push((ends.at(-1) ?? 0) + run.length);
  const isIn = (text: string, piece: string): boolean =>
    spellings(piece).some((one) => text.includes(bare(one)));
  const match = (k: number, at: number): boolean => {
    const answer = answers[k];
    if (answer === undefined) return at === got.length;
    return forms(answer).some((form) => {
      if (!got.startsWith(form, at)) return false;
      const after = at + form.length;
      const calls = typeof answer === "string" ? undefined : answer.calls;
      if (!calls) return match(k + 1, after);
      return ends.some((end) => {
        const written = got.slice(after, end);
        return end >= after && calls.every((piece) => isIn(written, piece)) && match(k + 1, end);
      });
    });
  };
  return match(0, 0);
}

/** The text as it is, as JSON, and as JSON inside JSON. */
function spellings(text: string): string[] {
  const once = JSON.stringify(text).slice(1, -1);
  return [text, once, JSON.stringify(once).slice(1, -1)];
}
