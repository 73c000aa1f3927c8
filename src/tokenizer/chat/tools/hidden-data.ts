import type { Message } from "../../../contracts/example.ts";
import { mapCall } from "../../../contracts/tool-calls.ts";
import { mapJsonText } from "../../../json-strings.ts";
import type { Tokenizer } from "../../tokenizer.ts";
import type { ArgumentsAs, Chat } from "../template.ts";

/** Stands in for a text of calls or tools. Uses private-use characters, like the marks of contents. */
export const dataMark = (index: number): string => `\u{F0000}d${index}\u{F0001}`;

/** A conversation whose calls and tools contain nothing that looks like a special token or a mark. */
export interface HiddenData {
  chat: Chat;
  /** The texts that the marks stand for. */
  texts: readonly string[];
}

/**
 * Replaces each text in calls and tools that contains the name of a special token by a mark. Otherwise the
 * name would become a special token, because what a template writes of calls and tools counts as its own
 * text.
 */
export function hideData(
  { specialPattern }: Pick<Tokenizer, "specialPattern">,
  { messages, tools }: Chat,
  argumentsAs: ArgumentsAs,
): HiddenData {
  const texts: string[] = [];
  const hide = (text: string): string => {
    const isPlain =
      (specialPattern === null || text.search(specialPattern) < 0) && !/[\u{F0000}-\u{F0003}]/u.test(text);
    if (isPlain) return text;
    const known = texts.indexOf(text);
    return dataMark(known >= 0 ? known : texts.push(text) - 1);
  };
  const hideIn = (message: Message): Message => {
    const { tool_calls: calls, tool_call_id: id, name } = message;
    if (calls === undefined && id === undefined && name === undefined) return message;
    return {
      ...message,
      ...(calls && {
        tool_calls: calls.map((call) => {
          if (argumentsAs === "object") return mapCall(call, hide);
          // Arguments as text are written unchanged or as a JSON string, so they are replaced as a whole.
          const { name, arguments: given } = call.function;
          return {
            ...call,
            ...(call.id !== undefined && { id: hide(call.id) }),
            function: { name: hide(name), arguments: hide(given) },
          };
        }),
      }),
      ...(id !== undefined && { tool_call_id: hide(id) }),
      ...(name !== undefined && { name: hide(name) }),
    };
  };
  const hidden = messages.map(hideIn);
  return {
    chat: { messages: hidden, ...(tools !== undefined && { tools: mapJsonText(tools, hide) }) },
    texts,
  };
}
