import type { ToolCall } from "../../../contracts/example.ts";
import { jsonTextOf, noteSources } from "../../files/json/json-text.ts";
import { type JsonObject, nameOf } from "../../files/json-rows.ts";
import { detail } from "../../reason.ts";
import { type Dropped, drop } from "../conversation.ts";

/** Most levels of objects and lists inside each other, in arguments and tools. No real call is deeper. */
const maxDepth = 64;

/** Something cannot be read; `why` says what and where. */
interface Problem {
  why: string;
}

/** Keys under which a turn has what it calls. */
export const callKeys = ["tool_calls", "function_call", "function_calls", "tool_call"] as const;

/** Names of the column with the tools; a turn may have them as well (Dolci's system turns). */
export const toolKeys = ["tools", "functions", "tool_defs"] as const;

/**
 * What a turn calls: OpenAI's `tool_calls`, the older `function_call`, or one of the other keys; undefined
 * where it calls nothing. A list may be given as JSON text, and a call as just `{"name", "arguments"}`.
 */
export function toolCallsOf(turn: JsonObject, where: string): ToolCall[] | undefined | Dropped {
  // Most turns call nothing; names that stand here are looked up faster than those of a list.
  const { tool_calls, function_call, function_calls, tool_call } = turn;
  if ((tool_calls ?? function_call ?? function_calls ?? tool_call ?? undefined) === undefined)
    return undefined;
  let found: { key: string; calls: ToolCall[] } | undefined;
  for (const key of callKeys) {
    if (!isThere(turn[key])) continue;
    const calls = callList(turn[key], key);
    if ("why" in calls) return dropCalls(where, calls.why);
    if (found !== undefined)
      return dropCalls(where, `expected calls under one key, got some under ${found.key} and ${key}`);
    if (calls.length > 0) found = { key, calls };
  }
  return found?.calls;
}

/** Calls that a turn has as JSON in its text, like ShareGPT's `function_call` turns. */
export function writtenCallsOf(value: unknown, where: string): ToolCall[] | Dropped {
  const calls = callList(value, "a function_call turn");
  if ("why" in calls) return dropCalls(where, calls.why);
  return calls.length > 0 ? calls : dropCalls(where, "expected a call, got an empty list");
}

/**
 * A row's `tools`, a list of functions with their schemas, perhaps as JSON text: as JSON text of OpenAI's
 * form; undefined where there are none.
 */
export function toolsOf(value: unknown, where: string): string | undefined | Dropped {
  if (!isThere(value)) return undefined;
  const read = parsed(value, where);
  if (isProblem(read)) return dropTools(read.why);
  const list = read.value ?? [];
  if (!Array.isArray(list))
    return dropTools(`${where}: expected a list of functions, or JSON of one, got ${nameOf(list)}`);
  const tools: string[] = [];
  for (const [i, item] of (list as unknown[]).entries()) {
    const tool = toolOf(item);
    if (tool === null)
      return dropTools(`${where}: expected a function with a name as number ${i + 1}, got ${shown(item)}`);
    tools.push(tool);
  }
  return tools.length > 0 ? `[${tools.join(",")}]` : undefined;
}

function isThere(value: unknown): boolean {
  return (
    value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0)
  );
}

function isProblem(value: object): value is Problem {
  return "why" in value;
}

function dropTools(why: string): Dropped {
  return drop("tools", detail(why));
}

function dropCalls(where: string, why: string): Dropped {
  return drop("tool_calls", detail(`${where}: ${why}`));
}

function callList(given: unknown, key: string): ToolCall[] | Problem {
  const read = parsed(given, key);
  if (isProblem(read)) return read;
  const calls: ToolCall[] = [];
  for (const item of [read.value ?? []].flat() as unknown[]) {
    const call = callOf(item, key);
    if (isProblem(call)) return call;
    calls.push(call);
  }
  return calls;
}

function callOf(item: unknown, key: string): ToolCall | Problem {
  if (!isObject(item)) return { why: `${key}: expected a call, got ${nameOf(item)}` };
  if ((item.type ?? "function") !== "function")
    return { why: `${key}: expected calls of type function, got ${shown(item.type)}` };
  const called = isObject(item.function) ? item.function : item;
  const { name } = called;
  if (typeof name !== "string" || name === "")
    return { why: `${key}: expected a call with a name, got ${shown(item)}` };
  const id = item.id ?? undefined;
  if (id !== undefined && typeof id !== "string")
    return { why: `${key}: expected the call's id to be text, got ${nameOf(id)}` };
  const given = argumentsOf(called.arguments, `${key}: ${name}`);
  if (isProblem(given)) return given;
  return {
    ...(id === undefined || id === "" ? {} : { id }),
    type: "function",
    function: { name, arguments: given.text },
  };
}

/** Arguments as JSON text of an object; text in the data stays as it is written. */
function argumentsOf(given: unknown, where: string): { text: string } | Problem {
  const read = parsed(given ?? {}, `${where}: arguments`);
  if (isProblem(read)) return read;
  if (!isObject(read.value))
    return { why: `${where}: expected arguments to be an object, or JSON of one, got ${nameOf(read.value)}` };
  return { text: typeof given === "string" ? given : jsonTextOf(read.value) };
}

function toolOf(item: unknown): string | null {
  if (!isObject(item)) return null;
  if (item.function === undefined) {
    // LLaMA-Factory's columns have the function without its wrapper.
    return isNamed(item) ? `{"type":"function","function":${jsonTextOf(item)}}` : null;
  }
  if ((item.type ?? "function") !== "function" || !isNamed(item.function)) return null;
  if (item.type === "function") return jsonTextOf(item);
  const others = Object.keys(item).filter((key) => key !== "type");
  const members = others.map((key) => `${JSON.stringify(key)}:${jsonTextOf(item[key])}`);
  return `{"type":"function",${members.join(",")}}`;
}

function isNamed(value: unknown): boolean {
  return isObject(value) && typeof value.name === "string" && value.name !== "";
}

/** A value; text is parsed as JSON. */
function parsed(given: unknown, where: string): { value: unknown } | Problem {
  let value = given;
  if (typeof given === "string") {
    try {
      value = JSON.parse(given) as unknown;
    } catch {
      return { why: `${where}: expected JSON, got ${shown(given)}` };
    }
  }
  if (!isDeep(value, maxDepth)) {
    if (typeof given === "string") noteSources(value, given);
    return { value };
  }
  return {
    why: `${where}: expected at most ${maxDepth} levels of objects and lists in each other, got more`,
  };
}

function isDeep(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeep(inner, levels - 1));
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** JSON of a value, cut to 80 characters, for messages. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= 80 ? text : `${text.slice(0, 79).toWellFormed()}…`;
}
