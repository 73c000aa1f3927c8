import { type Dropped, drop } from "./conversation.ts";
import type { Message, Role } from "./example.ts";
import { type JsonObject, nameOf } from "./json-rows.ts";

/** How a list's turns are spelt: the keys inside each, and which names mean which role. */
export interface TurnKeys {
  role: string;
  content: string;
  /** Key of whether a message is trained; without it `train`, or OpenAI's `weight`, is read. */
  train?: string;
  roles: ReadonlyMap<string, Role>;
}

/** What is read of each turn, its role's key first; `tool_calls` that are there drop the row. */
export function turnKeysOf({ role, content, train }: TurnKeys): string[] {
  return [
    role,
    content,
    "tool_calls",
    "function_call",
    ...(train === undefined ? ["train", "weight"] : [train]),
  ];
}

/** Names of roles in the data people have; every list is read with these and its own. */
export const knownRoles: ReadonlyMap<string, Role> = new Map<string, Role>([
  ["system", "system"],
  ["developer", "system"],
  ["user", "user"],
  ["human", "user"],
  ["assistant", "assistant"],
  ["gpt", "assistant"],
  // Who answers in ShareGPT's own dumps.
  ["chatgpt", "assistant"],
  ["bing", "assistant"],
  ["bard", "assistant"],
  ["tool", "tool"],
  ["function", "tool"],
  ["observation", "tool"],
]);

/** Messages of a list of turns; a turn that cannot be read drops the row. */
export function messagesOf(list: readonly unknown[], keys: TurnKeys): Message[] | Dropped {
  const messages: Message[] = [];
  for (const [i, turn] of list.entries()) {
    const message = messageOf(turn, `turn ${i + 1}`, keys);
    if ("dropped" in message) return message;
    messages.push(message);
  }
  return messages;
}

/** Whether a list's element is an object that names its speaker under `key`. */
export function isTurn(turn: unknown, key: string): turn is JsonObject {
  return typeof turn === "object" && turn !== null && typeof (turn as JsonObject)[key] === "string";
}

function messageOf(turn: unknown, where: string, keys: TurnKeys): Message | Dropped {
  if (!isTurn(turn, keys.role))
    return drop(
      "wrong_type",
      `${where}: expected an object with a text under ${keys.role}, got ${nameOf(turn)}`,
    );
  const name = String(turn[keys.role]);
  const role = keys.roles.get(name);
  if (role === undefined) return drop("unknown_role", `${where}: ${JSON.stringify(name).slice(0, 100)}`);
  if (callsTools(turn)) {
    const hint = `an example keeps text alone: write the calls into ${keys.content}, as the model is to write them`;
    return drop("tool_calls", `${where}: ${hint}`);
  }
  const content = contentOf(turn[keys.content]);
  if (content === null)
    return drop(
      "wrong_type",
      `${where}: expected text under ${keys.content}, got ${nameOf(turn[keys.content])}`,
    );
  const train = trainOf(turn, keys.train);
  if (train === null)
    return drop("wrong_type", `${where}: expected train to be true or false, or weight 0 or 1`);
  return { role, content, ...(train === undefined ? {} : { train }) };
}

/** OpenAI's `tool_calls`, and `function_call` before them: without what it calls, a turn would teach another answer. */
function callsTools({ tool_calls, function_call }: JsonObject): boolean {
  const isThere = (value: unknown): boolean => value !== undefined && value !== null && value !== "";
  const hasCalls = Array.isArray(tool_calls) ? tool_calls.length > 0 : isThere(tool_calls);
  return hasCalls || isThere(function_call);
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

/** True or false, or 1 or 0. Parquet says null for a field that a message does not have. */
function trainOf(turn: JsonObject, key: string | undefined): boolean | undefined | null {
  if (key !== undefined) return flag(turn[key] ?? undefined);
  const [train, weight] = [turn.train ?? undefined, turn.weight ?? undefined];
  if (train === undefined) return typeof weight === "boolean" ? null : flag(weight);
  return typeof train === "boolean" ? train : null;
}

function flag(value: unknown): boolean | undefined | null {
  if (value === undefined || typeof value === "boolean") return value;
  return value === 0 || value === 1 ? value === 1 : null;
}
