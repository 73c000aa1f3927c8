import type { ContextSpan } from "../../../contracts/example.ts";
import { type JsonObject, nameOf } from "../../files/json-rows.ts";
import { drop } from "../conversation.ts";
import type { RowFormat } from "../format.ts";
import { toolsOf } from "../read-tools.ts";
import { isTurn, knownRoles, messagesOf, turnKeysOf } from "../turns.ts";

const keys = { role: "role", content: "content", roles: knownRoles };

/**
 * OpenAI's and Hugging Face's form: `{"messages": [{"role", "content"}]}`, with `tools`. `conversations` and
 * `conversation` may stand for `messages`.
 */
export const messages: RowFormat = {
  kind: "rows",
  keys: ["messages", "conversations", "conversation", "tools", "context"],
  turnKeys: turnKeysOf(keys),
  fits: (row) => isTurn(listOf(row)?.[0], "role"),
  convert(row) {
    const list = listOf(row);
    if (list === undefined)
      return drop("missing_messages", `expected a list under messages, got ${nameOf(row.messages)}`);
    const converted = messagesOf(list, keys);
    if ("dropped" in converted) return converted;
    const tools = toolsOf(row.tools, "tools");
    if (tools !== undefined && "dropped" in tools) return tools;
    const turns = { messages: converted, ...(tools && { tools }) };
    const context = row.context ?? undefined;
    if (context === undefined) return turns;
    if (!Array.isArray(context) || !context.every(isSpan)) {
      const hint = "a column of another meaning is read with fields";
      return drop(
        "wrong_type",
        `expected a list of {message, start, end} under context, got ${nameOf(context)}: ${hint}`,
      );
    }
    return { ...turns, context };
  },
};

/** Whether it names a message, so that it can be moved along with it; the schema checks the rest later. */
function isSpan(span: unknown): span is ContextSpan {
  return typeof span === "object" && span !== null && typeof (span as JsonObject).message === "number";
}

function listOf(row: JsonObject): unknown[] | undefined {
  const list = row.messages ?? row.conversations ?? row.conversation;
  return Array.isArray(list) ? list : undefined;
}
