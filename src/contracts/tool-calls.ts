import { mapJsonText } from "../json-strings.ts";
import type { Message, ToolCall } from "./example.ts";

type Calling = Pick<Message, "content" | "reasoning_content" | "tool_calls">;

/** Calls as text, a line each: what is compared and counted of them. */
export function callsText({ tool_calls = [] }: Pick<Calling, "tool_calls">): string {
  return tool_calls.map(({ function: { name, arguments: given } }) => `${name} ${given}`).join("\n");
}

/** What a message thinks, says and calls. */
export function textOf(message: Calling): string {
  const { reasoning_content: thought, content, tool_calls: calls } = message;
  if (thought === undefined && calls === undefined) return content;
  const parts = [thought ?? "", content, calls === undefined ? "" : callsText(message)];
  return parts.filter((part) => part !== "").join("\n");
}

/**
 * The call with every text in it, also those inside the arguments, put through `map`; all else keeps its
 * spelling.
 */
export function mapCall(call: ToolCall, map: (text: string) => string): ToolCall {
  const { id, type, function: called } = call;
  return {
    ...(id === undefined ? {} : { id: map(id) }),
    type,
    function: { name: map(called.name), arguments: mapJsonText(called.arguments, map) },
  };
}
