import type { Message } from "../../../contracts/example.ts";
import { DataError } from "../../../errors.ts";
import type { Located } from "../locate.ts";
import { type ArgumentsAs, type Chat, type ChatTemplate, TemplateRefusal } from "../template.ts";
import type { Turn } from "../turns.ts";
import { callPieces, hasPieces } from "./call-pieces.ts";

/** Tries both ways to write arguments, first the object. When both fail, throws the error of the first. */
export function writingCalls<T>(write: (argumentsAs: ArgumentsAs) => T): T {
  try {
    return write("object");
  } catch (refusal) {
    if (!(refusal instanceof TemplateRefusal)) throw refusal;
    try {
      return write("text");
    } catch (error) {
      throw error instanceof DataError ? refusal : error;
    }
  }
}

/**
 * Throws TemplateRefusal when a message's calls are missing from what the template writes around its content.
 */
export function requireCalls(located: Located, turns: readonly Turn[], messages: readonly Message[]): void {
  const { text, literalStarts, skeleton } = located;
  for (const [i, { calls }] of turns.entries()) {
    if (calls === null) continue;
    let written = "";
    for (let k = calls.from; k <= calls.to; k++) {
      const end = literalStarts[k]! + skeleton.literals[k]!.text.length;
      const isHidden = k < calls.to && skeleton.parts[k]!.kind === "data";
      written += text.slice(literalStarts[k]!, isHidden ? literalStarts[k + 1]! : end);
    }
    if (!hasPieces(written, callPieces(messages[i]!.tool_calls ?? []))) throw noCalls(i);
  }
}

/** Limit of remembered results. */
const maxKnown = 2_000;

/**
 * Whether a template writes something else when there are tools. Checked once for conversations with the same
 * roles.
 */
export function createToolCheck(template: ChatTemplate): (chat: Chat, isPrompt: boolean) => boolean {
  const known = new Map<string, boolean>();
  return ({ messages, tools }, isPrompt) => {
    const plain = messages.map(({ role, content }) => ({ role, content }));
    const key = `${isPrompt} ${plain.map(({ role }) => role).join(" ")}`;
    let writes = known.get(key);
    if (writes !== undefined) return writes;
    const texts = [{ messages: plain, ...(tools && { tools }) }, { messages: plain }].map((chat) => {
      try {
        return template.render(chat, isPrompt, "object");
      } catch (error) {
        if (error instanceof DataError) return null;
        throw error;
      }
    });
    // Refusals are reported later, when the conversation itself is rendered.
    writes = texts[0] === null || texts[0] !== texts[1];
    if (known.size >= maxKnown) known.clear();
    known.set(key, writes);
    return writes;
  };
}

export function noTools(): DataError {
  return new DataError(
    "chat template: expected one that writes the tools that the conversation has, got one that leaves " +
      "them out: the model would not see what it can call. Use another chat_template.jinja, or fields, " +
      "which read no tools unless fields.tools says where.",
  );
}

function noCalls(i: number): TemplateRefusal {
  return new TemplateRefusal(
    "chat template: expected one that writes tool calls, got one that leaves out or changes those of " +
      `message ${i}. Use another chat_template.jinja.`,
  );
}
