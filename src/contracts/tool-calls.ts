import { mapStrings } from "../json-strings.ts";
import type { Message, ToolCall } from "./example.ts";

type Calling = Pick<Message, "content" | "tool_calls">;

/** Calls as text, a line each: what is compared and counted of them. */
export function callsText({ tool_calls = [] }: Pick<Calling, "tool_calls">): string {
  return tool_calls.map(({ function: { name, arguments: given } }) => `${name} ${given}`).join("\n");
}

/** What a message says and what it calls. */
export function textOf(message: Calling): string {
  if (message.tool_calls === undefined) return message.content;
  const calls = callsText(message);
  return message.content === "" ? calls : `${message.content}\n${calls}`;
}

/**
 * The call with every text in it, also those inside the arguments, put through `map`. Arguments in which
 * nothing changes keep their spelling.
 */
export function mapCall(call: ToolCall, map: (text: string) => string): ToolCall {
  const { id, type, function: called } = call;
  const given: unknown = JSON.parse(called.arguments);
  let isChanged = false;
  const mapped = mapStrings(given, (text) => {
    const other = map(text);
    isChanged ||= other !== text;
    return other;
  });
  return {
    ...(id === undefined ? {} : { id: map(id) }),
    type,
    function: {
      name: map(called.name),
      arguments: isChanged ? JSON.stringify(mapped) : called.arguments,
    },
  };
}
