import { drop } from "../conversation.ts";
import type { RowFormat } from "../format.ts";
import { nameOf } from "../json-rows.ts";
import { toolsOf } from "../read-tools.ts";
import { isTurn, knownRoles, messagesOf, turnKeysOf } from "../turns.ts";

const keys = { role: "from", content: "value", roles: knownRoles };

/** ShareGPT's form: `{"conversations": [{"from", "value"}]}`, with an optional `system` and `tools`. */
export const sharegpt: RowFormat = {
  kind: "rows",
  keys: ["conversations", "system", "tools"],
  turnKeys: turnKeysOf(keys),
  fits: (row) => Array.isArray(row.conversations) && isTurn(row.conversations[0], "from"),
  convert({ conversations, system, tools: defined }) {
    if (!Array.isArray(conversations)) {
      return drop("missing_messages", `expected a list under conversations, got ${nameOf(conversations)}`);
    }
    const messages = messagesOf(conversations, keys);
    if ("dropped" in messages) return messages;
    const tools = toolsOf(defined, "tools");
    if (tools !== undefined && "dropped" in tools) return tools;
    const hasSystem = typeof system === "string" && system.trim() !== "";
    return {
      messages: hasSystem ? [{ role: "system", content: system }, ...messages] : messages,
      ...(tools && { tools }),
    };
  },
};
