import { mapStrings } from "../json-strings.ts";

/** A tool call of an example (`ToolCall`), which layers that share this file know by that name. */
interface Call {
  id?: string;
  type: "function";
  function: { name: string; arguments: string };
}

interface Calling {
  content: string;
  tool_calls?: Call[];
}

/** Calls as text, a line each: what comparing and counting see of them. */
export function callsText({ tool_calls = [] }: Pick<Calling, "tool_calls">): string {
  return tool_calls.map(({ function: { name, arguments: given } }) => `${name} ${given}`).join("\n");
}

/** What a message says and what it calls. */
export function textOf(message: Calling): string {
  if (message.tool_calls === undefined) return message.content;
  const calls = callsText(message);
  return message.content === "" ? calls : `${message.content}\n${calls}`;
}

/** The call with its texts, those inside the arguments too, as `map` makes them; arguments that stay keep their spelling. */
export function mapCall(call: Call, map: (text: string) => string): Call {
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
