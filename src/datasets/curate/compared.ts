import type { ContextSpan, Example, Message } from "../../contracts/example.ts";
import { textOf } from "../../contracts/tool-calls.ts";

type Conversation = Pick<Example, "messages" | "context">;

/**
 * A prompt of at least so many UTF-16 units, and three times as long as its answers, contains a document even
 * where no span says so.
 */
const documentChars = 400;

/**
 * The texts by which examples are compared. Two examples are copies only if all of these are alike.
 *
 * - With `context`: the document, the rest of the prompts, and the answers. So two questions on one
 *   document are not copies, though nearly all of their text is the same; nor are two documents with the same
 *   question, nor two tasks made from one sentence.
 * - Without it, but with a prompt much longer than the answers: the prompts, and the answers.
 * - Else the whole conversation.
 */
export function comparedParts({ messages, context = [] }: Conversation): string[] {
  const answers = contentsOf(messages, true);
  if (context.length > 0)
    return [documentText({ messages, context }), promptsOutside(messages, context), answers];
  const prompts = contentsOf(messages, false);
  if (prompts.length >= documentChars && prompts.length > 3 * answers.length && answers !== "")
    return [prompts, answers];
  return [messages.map(textOf).join("\n")];
}

/** The text inside the spans: the part of the document that may be shortened. */
export function documentText({ messages, context = [] }: Conversation): string {
  return context.map(({ message, start, end }) => messages[message]!.content.slice(start, end)).join("\n");
}

function promptsOutside(messages: readonly Message[], context: readonly ContextSpan[]): string {
  const rest: string[] = [];
  for (const [i, { role, content }] of messages.entries()) {
    if (role === "assistant") continue;
    let start = 0;
    for (const span of context.filter(({ message }) => message === i)) {
      rest.push(content.slice(start, span.start));
      start = span.end;
    }
    rest.push(content.slice(start));
  }
  return rest.join("\n");
}

function contentsOf(messages: readonly Message[], isAnswer: boolean): string {
  return messages
    .filter(({ role }) => (role === "assistant") === isAnswer)
    .map(textOf)
    .join("\n");
}
