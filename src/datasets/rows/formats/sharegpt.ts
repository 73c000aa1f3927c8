import { nameOf } from "../../files/json-rows.ts";
import { drop } from "../conversation.ts";
import type { RowFormat } from "../format.ts";
import { toolsOf } from "../read-tools.ts";
import { isTurn, knownRoles, messagesOf, turnKeysOf } from "../turns.ts";

const keys = { role: "from", content: "value", roles: knownRoles };

/**
 * ShareGPT's form: `{"conversations": [{"from", "value"}]}`, with optional `system` and `tools`.
 * `conversation` may stand for `conversations`.
 */
export const sharegpt: RowFormat = {
  kind: "rows",
  keys: ["conversations", "conversation", "system", "tools"],
  turnKeys: turnKeysOf(keys),
  fits: (row) => {
    const list = row.conversations ?? row.conversation;
    return Array.isArray(list) && isTurn(list[0], "from");
  },
  convert({ conversation, conversations = conversation, system, tools: defined }) {
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
