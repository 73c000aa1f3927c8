import type { JsonObject } from "../files/json-rows.ts";
import { type Dropped, drop, type Turns } from "./conversation.ts";
import { isTurn } from "./turns/turns.ts";

/** Keys of a row that have the same meaning in every format. */
const commonKeys = ["id", "task", "document", "meta"];

/** Columns and keys of turns that say something which an example without them does not say. */
const mattering =
  /^(sys(tem)?_?(prompt|message)?|(chain_of_)?thoughts?|cot|think(ing)?|reasoning(_(content|text|details|trace|steps))?|(available_)?(tools?|functions?)(_?(calls?|defs?|definitions))?|(images?|videos?|audios?)(_(urls?|paths?|files?))?|refusal)$/i;
const calling = /^(tools?|functions?)_?calls?$/i;
const pictures = /^(images?|videos?|audios?)(_(urls?|paths?|files?))?$/i;
/** What stands in a text for a picture, a film or a sound that is in a column. */
const placeholder = /<(?:image|video|audio)>|<\|(?:image|video|audio)(?:_pad|_\d+)?\|>|<image_?\d+>|\[IMG\]/i;

/** What is read of rows: all of it where `keys` is not given. */
export interface ReadKeys {
  keys?: readonly string[];
  turnKeys?: readonly string[];
  ownKeys: boolean;
}

/** Names of columns, and of keys of turns as `messages[].name`, that nothing reads. */
export interface Unread {
  /** Those that matter and are filled in this row. */
  mattering: string[];
  harmless: string[];
}

export const nothingUnread: Unread = { mattering: [], harmless: [] };

/** What of a row is not read; most rows have nothing of that kind. */
export function unreadOf(row: JsonObject, { keys, turnKeys, ownKeys }: ReadKeys): Unread {
  const unread: Unread = { mattering: [], harmless: [] };
  if (keys === undefined) return unread;
  // This runs for every row and turn, and `Object.entries` would make an array each time. Tables say null for
  // what a row or a turn does not have.
  for (const key in row) {
    const value = row[key];
    if (value === null) continue;
    const isRead = keys.includes(key);
    if (!isRead && !(ownKeys && commonKeys.includes(key))) note(unread, key, key, value);
    if (!isRead || turnKeys === undefined || !Array.isArray(value)) continue;
    for (const turn of value as unknown[]) {
      if (!isTurn(turn, turnKeys[0]!)) continue;
      for (const inner in turn)
        if (turn[inner] !== null && !turnKeys.includes(inner))
          note(unread, inner, `${key}[].${inner}`, turn[inner]);
    }
  }
  return unread;
}

function note(unread: Unread, key: string, name: string, value: unknown): void {
  const list = isFilled(value) && mattering.test(key) ? unread.mattering : unread.harmless;
  if (!list.includes(name)) list.push(name);
}

/**
 * Why a row is worth nothing without what is not read: an answer without its call teaches to say that one
 * will look and to stop; a placeholder without its picture is trained as text. Null where it is only less.
 */
export function unreadProblem({ messages }: Turns, names: readonly string[]): Dropped | null {
  for (const name of names) {
    const key = name.slice(name.lastIndexOf(".") + 1);
    if (key !== name && calling.test(key))
      return drop("tool_calls", `calls under ${name}, which is not read`);
    const i = pictures.test(key) ? messages.findIndex(({ content }) => placeholder.test(content)) : -1;
    if (i < 0) continue;
    const found = placeholder.exec(messages[i]!.content)![0];
    return drop(
      "unread_column",
      `${found} in message ${i + 1} stands for what is in ${name}, which is no text`,
    );
  }
  return null;
}

function isFilled(value: unknown): boolean {
  if (typeof value === "string") return value.trim() !== "";
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) ? value.some((item) => item !== null) : Object.keys(value).length > 0;
}
