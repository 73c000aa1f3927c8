import { type JsonObject, nameOf } from "../files/json-rows.ts";
import { type Dropped, drop, type Turns } from "./conversation.ts";
import { toolKeys, toolsOf } from "./turns/read-tools.ts";
import { isTurn } from "./turns/turns.ts";

const systemColumns = ["system", "system_prompt"] as const;
const listColumns = ["messages", "conversations", "conversation"] as const;

/** Columns that all formats of rows read in the same way. */
export const commonColumns: readonly string[] = [...systemColumns, ...toolKeys];
export const turnListColumns: readonly string[] = listColumns;

/**
 * The list of turns: the first one with something in it whose turns name their speaker under `role`. Tables
 * that were put together from several have an empty column beside the filled one. `unread`: others that are
 * filled with something else.
 */
export function turnListIn(
  row: JsonObject,
  role: string,
): { list: unknown[]; unread?: string[] } | undefined {
  const filled = listColumns.filter((key) => Array.isArray(row[key]) && row[key].length > 0);
  const listAt = (key: string): unknown[] => row[key] as unknown[];
  const chosen = filled.find((key) => isTurn(listAt(key)[0], role)) ?? filled[0];
  if (chosen === undefined) return undefined;
  const list = listAt(chosen);
  if (filled.length === 1) return { list };
  const own = JSON.stringify(list);
  const unread = filled.filter((key) => key !== chosen && JSON.stringify(row[key]) !== own);
  return { list, ...(unread.length > 0 && { unread }) };
}

/** The turns with the system prompt and the tools that the row has in columns, or that its turns have. */
export function withColumns(turns: Turns, row: JsonObject, list: readonly unknown[] = []): Turns | Dropped {
  const withTools = toolsIn(turns, row, list);
  if ("dropped" in withTools) return withTools;
  let system: { text: string; column: string } | undefined;
  for (const column of systemColumns) {
    const text = row[column] ?? "";
    if (typeof text !== "string")
      return drop("wrong_type", `expected text under ${column}, got ${nameOf(text)}`);
    if (text.trim() === "") continue;
    if (system !== undefined && system.text !== text)
      return drop("two_systems", `expected one system prompt, got others in ${system.column} and ${column}`);
    system ??= { text, column };
  }
  return system === undefined ? withTools : withSystem(withTools, system.text, system.column);
}

/**
 * Puts a system turn first. Where the row has a turn that says something else, that one stays, and is told.
 */
export function withSystem(turns: Turns, text: string, column: string): Turns {
  const [first, ...others] = turns.messages;
  const hasOwn = first?.role === "system";
  if (hasOwn && first.content.trim() !== "") {
    if (first.content.trim() === text.trim()) return turns;
    const found = `the system turn is kept, and ${column}, which says something else, left out`;
    return { ...turns, changed: [...(turns.changed ?? []), { reason: "two_systems", detail: found }] };
  }
  const { messages, context, inserted = 0 } = turns;
  const own = { role: "system" as const, content: text };
  if (hasOwn) return { ...turns, messages: [{ ...first, ...own }, ...others] };
  const moved = context?.map((span) => ({ ...span, message: span.message + 1 }));
  return {
    ...turns,
    messages: [own, ...messages],
    inserted: inserted + 1,
    ...(moved ? { context: moved } : {}),
  };
}

/** The tools of a row, which may be given in one place only, or be the same in all. */
function toolsIn(turns: Turns, row: JsonObject, list: readonly unknown[]): Turns | Dropped {
  const places: [where: string, given: unknown][] = [];
  const look = (held: JsonObject, where: string): void => {
    for (const key of toolKeys) if (isGiven(held[key])) places.push([`${where}${key}`, held[key]]);
  };
  if (mayHaveTools(row)) look(row, "");
  for (let i = 0; i < list.length; i++) {
    const turn = list[i];
    if (typeof turn === "object" && turn !== null && mayHaveTools(turn as JsonObject))
      look(turn as JsonObject, `turn ${i + 1}: `);
  }
  if (places.length === 0) return turns;
  let found = turns.tools === undefined ? undefined : { where: "fields.tools", tools: turns.tools };
  for (const [where, given] of places) {
    const tools = toolsOf(given, where);
    if (tools === undefined) continue;
    if (typeof tools !== "string") return tools;
    if (found !== undefined && found.tools !== tools)
      return drop("tools", `expected tools in one place, got others under ${found.where} and ${where}`);
    found ??= { where, tools };
  }
  return found === undefined ? turns : { ...turns, tools: found.tools };
}

/** False for most rows and turns: names that stand here are looked up faster than those of a list. */
function mayHaveTools({ tools, functions, tool_defs }: JsonObject): boolean {
  return isGiven(tools ?? functions ?? tool_defs);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
