import type { ContextSpan, Example, Message } from "../../contracts/example.ts";
import { textOf } from "../../contracts/tool-calls.ts";

type Conversation = Pick<Example, "messages" | "context">;

/** A prompt this long (UTF-16 units), and three times its answers, has a document in it even where no span says so. */
const documentChars = 400;

/**
 * The texts by which examples are compared: all of them must be alike for two examples to be copies.
 *
 * - With `context`: the document, what else is in the prompts, and the answers. So two questions on one document are
 *   no copies of each other, though nearly all of their text is the same; nor are two documents that were asked the
 *   same question, nor two tasks that one sentence is made into.
 * - Without, but with a prompt much longer than the answers: the prompts, and the answers.
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

/** The text inside the spans: the document as far as it may be shortened. */
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
