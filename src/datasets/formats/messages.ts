import { type Dropped, drop } from "../conversation.ts";
import type { ContextSpan, Message, Role } from "../example.ts";
import type { RowFormat } from "../format.ts";
import { type JsonObject, nameOf } from "../json-rows.ts";

const roles: Record<string, Role> = {
  system: "system",
  developer: "system",
  user: "user",
  assistant: "assistant",
  tool: "tool",
  function: "tool",
};

/** OpenAI's and Hugging Face's form: `{"messages": [{"role", "content"}]}`; `conversations` is read the same. */
export const messages: RowFormat = {
  kind: "rows",
  keys: ["messages", "conversations", "context"],
  fits: (row) => isTurn(listOf(row)?.[0], "role"),
  convert(row) {
    const list = listOf(row);
    if (list === undefined)
      return drop("missing_messages", `expected a list under messages, got ${nameOf(row.messages)}`);
    const converted: Message[] = [];
    for (const [i, turn] of list.entries()) {
      const message = messageOf(turn, i);
      if ("dropped" in message) return message;
      converted.push(message);
    }
    // Checked by the schema afterwards, like everything else.
    return {
      messages: converted,
      ...(row.context === undefined || row.context === null ? {} : { context: row.context as ContextSpan[] }),
    };
  },
};

function listOf(row: JsonObject): unknown[] | undefined {
  const list = row.messages ?? row.conversations;
  return Array.isArray(list) ? list : undefined;
}

/** Whether a list's element is an object that names its speaker under `key`. */
export function isTurn(turn: unknown, key: "role" | "from"): turn is JsonObject {
  return typeof turn === "object" && turn !== null && typeof (turn as JsonObject)[key] === "string";
}

function messageOf(turn: unknown, index: number): Message | Dropped {
  const where = `turn ${index + 1}`;
  if (!isTurn(turn, "role"))
    return drop("wrong_type", `${where}: expected an object with a role, got ${nameOf(turn)}`);
  const role = Object.hasOwn(roles, String(turn.role)) ? roles[String(turn.role)] : undefined;
  if (role === undefined) return drop("unknown_role", `${where}: ${JSON.stringify(turn.role).slice(0, 100)}`);
  const content = contentOf(turn.content);
  if (content === null)
    return drop("wrong_type", `${where}: expected text as content, got ${nameOf(turn.content)}`);
  const train = trainOf(turn);
  if (train === null)
    return drop("wrong_type", `${where}: expected train to be true or false, or weight 0 or 1`);
  return { role, content, ...(train === undefined ? {} : { train }) };
}

/** A string, or OpenAI's list of parts where all parts are text. */
function contentOf(content: unknown): string | null {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return null;
  const parts = content.map((part: unknown) => {
    const { type, text } = (part ?? {}) as JsonObject;
    return type === "text" && typeof text === "string" ? text : null;
  });
  return parts.includes(null) ? null : parts.join("");
}

/** `train`, or OpenAI's `weight` (0: not trained). Parquet says null for a field that a message does not have. */
function trainOf({ train: given, weight: weighed }: JsonObject): boolean | undefined | null {
  const [train, weight] = [given ?? undefined, weighed ?? undefined];
  if (train === undefined && weight === undefined) return undefined;
  if (typeof train === "boolean") return train;
  return train === undefined && (weight === 0 || weight === 1) ? weight === 1 : null;
}
