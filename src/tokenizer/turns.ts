import type { Message } from "../datasets/example.ts";
import { DataError } from "../errors.ts";
import type { Range, Special } from "./located.ts";
import type { ChatTemplate } from "./template.ts";

/** A rendered conversation and what is known of its text. */
export interface Conversation {
  template: ChatTemplate;
  messages: readonly Message[];
  text: string;
  /** Of each message, in the text. */
  contents: readonly Range[];
  /** Outside the contents, in order. */
  specials: readonly Special[];
}

/**
 * Where answer i begins: the end of its prompt, with which the whole text must begin, so that training and
 * generation see the same. What stands between there and the content (Llama's blank) is part of the answer.
 * Null for an answer that is not trained and whose prompt looks otherwise once the conversation has gone on.
 * Throws DataError for one that is trained.
 */
export function answerStart(
  { template, messages, text, contents, specials }: Conversation,
  i: number,
): number | null {
  const content = contents[i]!;
  const prompt = i === 0 ? firstPrompt(template) : template.render(messages.slice(0, i), true);
  // A conversation that begins with an answer, in a template that has no prompt for that.
  if (prompt === null) return content.start;
  if (!text.startsWith(prompt) || prompt.length > content.start) {
    if (i === 0) return content.start;
    if (messages[i]!.train === false) return null;
    throw new DataError(
      `chat template: expected the prompt of message ${i} to be how the whole conversation begins, got another ` +
        "text: training and generation would not see the same prompt. Use another chat_template.jinja.",
    );
  }
  const header = specials.find(({ start, end }) => start >= prompt.length && end <= content.start);
  if (header === undefined) return prompt.length;
  if (i === 0) return content.start;
  throw new DataError(
    `chat template: expected the generation prompt to go up to the answer, got the special token ` +
      `${JSON.stringify(text.slice(header.start, header.end).trim())} after it: the answer's header would be ` +
      "trained and generated. Use a chat_template.jinja that writes it where add_generation_prompt is true.",
  );
}

/** What a template writes before an answer that nothing precedes; null where it wants messages. */
function firstPrompt(template: ChatTemplate): string | null {
  try {
    return template.render([], true);
  } catch (error) {
    if (error instanceof DataError) return null;
    throw error;
  }
}

/**
 * Answer i with its end token: the first special token after its content that the template writes when nothing
 * follows, so never one that opens the next turn. Throws DataError when there is none: the model would never
 * learn to stop.
 */
export function answerRange(conversation: Conversation, i: number, start: number | null): Range {
  const { contents, specials, text } = conversation;
  const content = contents[i]!;
  const turnEnd = endOfTurn(conversation, i);
  const end = specials.find((special) => special.start >= content.end && special.end <= turnEnd);
  if (end) return { start: start ?? content.start, end: end.end };
  throw new DataError(
    `chat template: expected a special token at the end of an answer, got ` +
      `${JSON.stringify(text.slice(content.end, content.end + 20))} after message ${i}: the model would never ` +
      "learn to stop. Use a chat_template.jinja that ends answers with the end token.",
  );
}

/** How far the text goes that is the same when message i is the last. */
function endOfTurn({ template, messages, text }: Conversation, i: number): number {
  if (i === messages.length - 1) return text.length;
  const turn = template.render(messages.slice(0, i + 1), false);
  if (text.startsWith(turn)) return turn.length;
  let at = 0;
  while (at < turn.length && turn[at] === text[at]) at++;
  return at;
}
