import { drop } from "../conversation.ts";
import type { Message, Role } from "../example.ts";
import type { RowFormat } from "../format.ts";
import { nameOf } from "../json-rows.ts";
import { isTurn } from "./messages.ts";

const roles: Record<string, Role> = {
  system: "system",
  human: "user",
  user: "user",
  gpt: "assistant",
  assistant: "assistant",
  tool: "tool",
  function: "tool",
};

/** ShareGPT's form: `{"conversations": [{"from", "value"}]}`, with an optional `system`. */
export const sharegpt: RowFormat = {
  kind: "rows",
  keys: ["conversations", "system"],
  fits: (row) => Array.isArray(row.conversations) && isTurn(row.conversations[0], "from"),
  convert({ conversations, system }) {
    if (!Array.isArray(conversations)) {
      return drop("missing_messages", `expected a list under conversations, got ${nameOf(conversations)}`);
    }
    const messages: Message[] = [];
    if (typeof system === "string" && system.trim() !== "")
      messages.push({ role: "system", content: system });
    for (const [i, turn] of conversations.entries()) {
      const where = `turn ${i + 1}`;
      if (!isTurn(turn, "from"))
        return drop("wrong_type", `${where}: expected an object with from, got ${nameOf(turn)}`);
      const from = String(turn.from);
      const role = Object.hasOwn(roles, from) ? roles[from] : undefined;
      if (role === undefined) return drop("unknown_role", `${where}: ${JSON.stringify(from).slice(0, 100)}`);
      if (typeof turn.value !== "string") {
        return drop("wrong_type", `${where}: expected text as value, got ${nameOf(turn.value)}`);
      }
      messages.push({ role, content: turn.value });
    }
    return { messages };
  },
};
