import type { Message, Role } from "../../../contracts/example.ts";
import { type JsonObject, nameOf } from "../../files/json-rows.ts";
import { type Dropped, drop } from "../conversation.ts";
import { contentOf } from "./content.ts";
import { callKeys, toolCallsOf, toolKeys, writtenCallsOf } from "./read-tools.ts";
import { mayThink, thoughtKeys, thoughtOf } from "./thoughts.ts";

/** How the turns of a list are written: their keys, and which names mean which role. */
export interface TurnKeys {
  role: string;
  content: string;
  /** The key that says whether a message is trained; without it `train`, or OpenAI's `weight`, is read. */
  train?: string;
  roles: ReadonlyMap<string, Role>;
}

/** The keys that are read of each turn, its role's key first. */
export function turnKeysOf({ role, content, train }: TurnKeys): string[] {
  return [
    role,
    content,
    ...callKeys,
    ...thoughtKeys,
    ...toolKeys,
    "tool_call_id",
    "name",
    ...(train === undefined ? ["train", "weight"] : [train]),
  ];
}

/** Names of roles in existing data; every list is read with these and its own. */
export const knownRoles: ReadonlyMap<string, Role> = new Map<string, Role>([
  ["system", "system"],
  ["developer", "system"],
  ["user", "user"],
  ["human", "user"],
  ["assistant", "assistant"],
  ["gpt", "assistant"],
  // The assistants in ShareGPT's own dumps.
  ["chatgpt", "assistant"],
  ["bing", "assistant"],
  ["bard", "assistant"],
  ["tool", "tool"],
  ["function", "tool"],
  ["observation", "tool"],
  // Dolci's and Llama's names of what a tool answers.
  ["environment", "tool"],
  ["ipython", "tool"],
]);

/** LLaMA-Factory's names of turns whose text is JSON of one or more calls. */
const callRoles: readonly string[] = ["function_call", "tool_call"];

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
  const speaker = String(turn[keys.role]);
  const isCall = callRoles.includes(speaker) && !keys.roles.has(speaker);
  const role = isCall ? "assistant" : keys.roles.get(speaker);
  if (role === undefined) return drop("unknown_role", `${where}: ${JSON.stringify(speaker).slice(0, 100)}`);
  const calls = isCall ? writtenCallsOf(turn[keys.content], where) : toolCallsOf(turn, where);
  if (calls !== undefined && "dropped" in calls) return calls;
  if (calls !== undefined && role !== "assistant")
    return drop("tool_calls", `${where}: expected calls of the assistant, got some of ${role}`);
  const said = isCall ? "" : turn[keys.content];
  // OpenAI's turns that only call tools have null; one that only thinks is no answer, and is told as such.
  const hasThought = mayThink(turn);
  const content = contentOf(calls === undefined && !hasThought ? said : (said ?? ""));
  if ("got" in content)
    return drop("wrong_type", `${where}: expected text under ${keys.content}, got ${content.got}`);
  const thought = thoughtOf(turn, where, { role, content: keys.content, inContent: content.thought });
  if (typeof thought === "object") return thought;
  const train = trainOf(turn, keys.train);
  if (train === null)
    return drop("wrong_type", `${where}: expected train to be true or false, or weight 0 or 1`);
  const message: Message = { role, content: content.text };
  if (train !== undefined) message.train = train;
  if (thought !== undefined) message.reasoning_content = thought;
  if (calls !== undefined) message.tool_calls = calls;
  for (const key of ["tool_call_id", "name"] as const) {
    // This key already has another meaning here.
    if (key === keys.role || key === keys.content) continue;
    const text = turn[key] ?? "";
    if (typeof text !== "string")
      return drop("wrong_type", `${where}: expected text under ${key}, got ${nameOf(text)}`);
    if (text !== "") message[key] = text;
  }
  return message;
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
