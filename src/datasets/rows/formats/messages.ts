import type { ContextSpan } from "../../../contracts/example.ts";
import { type JsonObject, nameOf } from "../../files/json-rows.ts";
import { drop } from "../conversation.ts";
import type { RowFormat } from "../format.ts";
import { commonColumns, turnListColumns, turnListIn, withColumns } from "../row-columns.ts";
import { isTurn, knownRoles, messagesOf, turnKeysOf } from "../turns/turns.ts";

const keys = { role: "role", content: "content", roles: knownRoles };

/**
 * OpenAI's and Hugging Face's form: `{"messages": [{"role", "content"}]}`, with `tools` and `system`.
 * `conversations` and `conversation` may stand for `messages`.
 */
export const messages: RowFormat = {
  kind: "rows",
  keys: [...turnListColumns, "context", ...commonColumns],
  turnKeys: turnKeysOf(keys),
  fits: (row) => isTurn(turnListIn(row, "role")?.list[0], "role"),
  convert(row) {
    const found = turnListIn(row, "role");
    if (found === undefined) {
      const got = Array.isArray(row.messages) ? "an empty one" : nameOf(row.messages);
      return drop("missing_messages", `expected a list of turns under messages, got ${got}`);
    }
    const { list, ...unread } = found;
    const converted = messagesOf(list, keys);
    if ("dropped" in converted) return converted;
    const context = row.context ?? undefined;
    if (context !== undefined && !(Array.isArray(context) && context.every(isSpan))) {
      const hint = "a column of another meaning is read with fields";
      return drop(
        "wrong_type",
        `expected a list of {message, start, end} under context, got ${nameOf(context)}: ${hint}`,
      );
    }
    return withColumns({ messages: converted, ...unread, ...(context && { context }) }, row, list);
  },
};

/** Whether it names a message, so that it can be moved along with it; the schema checks the rest later. */
function isSpan(span: unknown): span is ContextSpan {
  return typeof span === "object" && span !== null && typeof (span as JsonObject).message === "number";
}
