import { nameOf } from "../../files/json-rows.ts";
import { drop } from "../conversation.ts";
import type { RowFormat } from "../format.ts";
import { commonColumns, turnListColumns, turnListIn, withColumns } from "../row-columns.ts";
import { isTurn, knownRoles, messagesOf, turnKeysOf } from "../turns/turns.ts";

const keys = { role: "from", content: "value", roles: knownRoles };

/**
 * ShareGPT's form: `{"conversations": [{"from", "value"}]}`, with optional `system` and `tools`. `messages`
 * and `conversation` may stand for `conversations`.
 */
export const sharegpt: RowFormat = {
  kind: "rows",
  keys: [...turnListColumns, ...commonColumns],
  turnKeys: turnKeysOf(keys),
  fits: (row) => isTurn(turnListIn(row, "from")?.list[0], "from"),
  convert(row) {
    const found = turnListIn(row, "from");
    if (found === undefined) {
      const given = row.conversations ?? row.conversation;
      const got = Array.isArray(given) ? "an empty one" : nameOf(given);
      return drop("missing_messages", `expected a list of turns under conversations, got ${got}`);
    }
    const { list, ...unread } = found;
    const messages = messagesOf(list, keys);
    if ("dropped" in messages) return messages;
    return withColumns({ messages, ...unread }, row, list);
  },
};
