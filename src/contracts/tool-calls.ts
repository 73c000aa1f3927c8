import { mapJsonText } from "../json-strings.ts";

/** A tool call of an example (`ToolCall`), which layers that share this file know by that name. */
interface Call {
  id?: string;
  type: "function";
  function: { name: string; arguments: string };
}

interface Calling {
  content: string;
  reasoning_content?: string;
  tool_calls?: Call[];
}

/** Calls as text, a line each: what comparing and counting see of them. */
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

/** The call with its texts, those inside the arguments too, as `map` makes them; all else keeps its spelling. */
export function mapCall(call: Call, map: (text: string) => string): Call {
  const { id, type, function: called } = call;
  return {
    ...(id === undefined ? {} : { id: map(id) }),
    type,
    function: { name: map(called.name), arguments: mapJsonText(called.arguments, map) },
  };
}
