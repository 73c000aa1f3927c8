import type { ContextSpan } from "../../../contracts/example.ts";
import { type JsonObject, nameOf } from "../../files/json-rows.ts";
import { type Dropped, drop } from "../conversation.ts";
import { isTurn } from "../turns/turns.ts";

/**
 * A value of a row: a column, or a path into one such as `answers.text.0`. A column whose own name has dots
 * comes first.
 */
export function valueAt(row: JsonObject, path: string): unknown {
  if (Object.hasOwn(row, path)) return row[path];
  let value: unknown = row;
  for (const step of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as JsonObject)[step];
  }
  return value;
}

/** The column that a path begins with. */
export function columnOf(path: string): string {
  return path.split(".")[0]!;
}

/**
 * A value as text: numbers and booleans are written out, a list becomes one line per item. A value that is
 * absent or null becomes `fallback`, or drops the row where there is none.
 */
export function textAt(row: JsonObject, path: string, fallback?: string): string | Dropped {
  const value = valueAt(row, path);
  if (value === undefined || value === null) {
    if (fallback !== undefined) return fallback;
    const found = value === null ? "it is null" : whatIsThere(row, path);
    return drop("missing_field", `expected text under ${path}, ${found}`);
  }
  return plainText(value) ?? drop("wrong_type", `expected text under ${path}, got ${partsOf(value, path)}`);
}

/** What a row has where a path stops leading anywhere, for messages. */
function whatIsThere(row: JsonObject, path: string): string {
  let value: unknown = row;
  let at = "the row";
  for (const step of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) break;
    value = (value as JsonObject)[step];
    at = at === "the row" ? step : `${at}.${step}`;
  }
  if (Array.isArray(value)) return `${at} is ${value.length === 0 ? "empty" : `a list of ${value.length}`}`;
  if (typeof value !== "object" || value === null) return `${at} is ${nameOf(value)}`;
  const keys = Object.keys(value).slice(0, 20).join(", ");
  return `${at} has ${keys || (value === row ? "no columns" : "nothing in it")}`;
}

/** What a value that is not text is, and how to name the text in it, for messages. */
function partsOf(value: unknown, path: string): string {
  const [first] = Array.isArray(value) ? (value as unknown[]) : [];
  if (isTurn(first, "role") || isTurn(first, "from")) {
    return (
      "a list of messages: without fields the forms of docs/data.md are read as they are, and fields.messages " +
      "names any other list"
    );
  }
  const [key] = typeof value === "object" && value !== null ? Object.keys(value) : [];
  if (key === undefined) return nameOf(value);
  if (key === "base64") return "bytes that are no UTF-8";
  return `${nameOf(value)}: name a part of it, such as ${path}.${key}`;
}

/** A value as text; null for objects, which have named parts. */
export function plainText(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (!Array.isArray(value)) return null;
  const lines = value.map(plainText);
  return lines.includes(null) ? null : lines.join("\n");
}

/** Text and `{{column}}` or `{{path.into.it}}` placeholders. Placeholders are replaced; no code runs. */
export type Template = readonly (string | { path: string })[];

export function parseTemplate(text: string): Template {
  const pieces: (string | { path: string })[] = [];
  let end = 0;
  for (const match of text.matchAll(/\{\{\s*([^{}]+?)\s*\}\}/g)) {
    if (match.index > end) pieces.push(text.slice(end, match.index));
    pieces.push({ path: match[1]! });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return pieces;
}

export function pathsOf(template: Template): string[] {
  return template.flatMap((piece) => (typeof piece === "string" ? [] : [piece.path]));
}

/**
 * The template with the row's values in it, and where the values of `contextPath` are. Placeholders inside
 * values stay.
 */
export function renderTemplate(
  template: Template,
  row: JsonObject,
  options: { contextPath?: string; fallback?: string } = {},
): { text: string; spans: Omit<ContextSpan, "message">[] } | Dropped {
  let text = "";
  const spans: Omit<ContextSpan, "message">[] = [];
  for (const piece of template) {
    const value = typeof piece === "string" ? piece : textAt(row, piece.path, options.fallback);
    if (typeof value !== "string") return value;
    if (typeof piece !== "string" && piece.path === options.contextPath && value.trim() !== "")
      spans.push({ start: text.length, end: text.length + value.length });
    text += value;
  }
  return { text, spans };
}
