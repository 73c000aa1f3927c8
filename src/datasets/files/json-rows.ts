import { detail, type Reason, type RowPlace } from "../reason.ts";
import { openBytes } from "./byte-stream.ts";
import type { OnTrailing } from "./compressed.ts";
import { isInexact } from "./json/inexact.ts";
import { jsonElements } from "./json/json-elements.ts";
import { nearCalls, noteSources } from "./json/json-text.ts";
import { type ParsedJson, parseJson, withExactNumbers } from "./json/parse-json.ts";
import { splitLines } from "./lines.ts";

export type JsonObject = Record<string, unknown>;

/**
 * A row of a file, or why it cannot be used. `index` counts rows from 0; `endByte` is how far the file was
 * read.
 */
export type JsonRow = { place: RowPlace; index: number; endByte: number } & (ReadValue | { dropped: Reason });

/** A row's value; `changed` says what of the file it has not. */
interface ReadValue {
  value: JsonObject;
  changed?: Reason;
}

/** The reason of a row that has NaN or an infinity, which JSON does not have. */
const notANumber = "not_a_number";

/** A longer row is dropped without being held in memory. */
export const maxRowBytes = 64 * 2 ** 20;

/**
 * Most levels of objects and lists inside each other: much deeper ones exhaust the stack of code that walks
 * through them.
 */
const maxDepth = 256;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** One row a line. */
async function* readLines(path: string, file: string, onTrailing?: OnTrailing): AsyncGenerator<JsonRow> {
  const { chunks, readBytes } = openBytes(path, onTrailing);
  for await (const { line, bytes, sizeBytes } of splitLines(chunks, maxRowBytes)) {
    const row = { place: { file, row: line }, index: line - 1, endByte: readBytes() };
    if (bytes === null) {
      const found = `the line has ${sizeBytes} bytes, the limit is ${maxRowBytes}`;
      yield { ...row, dropped: { reason: "line_too_long", detail: found } };
    } else yield { ...row, ...parseRow(bytes) };
  }
}

/** JSON Lines; an array of rows, or objects spread over lines, under the same name is read as what it is. */
export function readJsonLines(path: string, file: string, onTrailing?: OnTrailing): AsyncGenerator<JsonRow> {
  return readElements(path, file, true, onTrailing);
}

/**
 * A JSON array of rows, an object with one under `data`, or objects spread over lines, read piece by piece.
 * Any other JSON is read as lines.
 */
export function readJson(path: string, file: string, onTrailing?: OnTrailing): AsyncGenerator<JsonRow> {
  return readElements(path, file, false, onTrailing);
}

/**
 * The rows of an array that does not end are read, and one more is dropped as `cut_short` for all that is
 * missing; what follows an array is dropped as one row, `trailing_bytes`.
 */
async function* readElements(
  path: string,
  file: string,
  isLines: boolean,
  onTrailing?: OnTrailing,
): AsyncGenerator<JsonRow> {
  const { chunks, readBytes } = openBytes(path, onTrailing);
  let index = 0;
  for await (const element of jsonElements(chunks, maxRowBytes, isLines)) {
    if (element === "lines") {
      yield* readLines(path, file, onTrailing);
      return;
    }
    const row = { place: { file, row: index }, index, endByte: readBytes() };
    index++;
    if (element === "cut") {
      const found =
        "the array or object does not end: the file is cut short here, or a quote or bracket of this " +
        "row is not closed";
      yield { ...row, dropped: { reason: "cut_short", detail: found } };
    } else if (element === "behind") {
      const found = "something stands behind the array or object that is the file: all of it is this row";
      yield { ...row, dropped: { reason: "trailing_bytes", detail: found } };
    } else if (element.bytes === null) {
      const found = `the row has ${element.sizeBytes} bytes, the limit is ${maxRowBytes}`;
      yield { ...row, dropped: { reason: "row_too_long", detail: found } };
    } else yield { ...row, ...parseRow(element.bytes) };
  }
}

function parseRow(bytes: Uint8Array): ReadValue | { dropped: Reason } {
  const text = decodeRow(bytes);
  if (typeof text !== "string") return text;
  if (text.trim() === "") return { dropped: { reason: "blank_line", detail: "" } };
  try {
    return objectOr(parseJson(text));
  } catch (error) {
    const found = /\r(?!\n)/.test(text) ? "lines that end in CR alone: write LF or CRLF; " : "";
    return { dropped: { reason: "json_syntax", detail: detail(`${found}${(error as Error).message}`) } };
  }
}

/** A row's text, or the reason that it is not UTF-8. */
export function decodeRow(bytes: Uint8Array): string | { dropped: Reason } {
  try {
    return utf8.decode(bytes);
  } catch {
    const shown = Buffer.from(bytes.subarray(0, 200)).toString("latin1");
    return { dropped: { reason: "invalid_utf8", detail: detail(shown) } };
  }
}

function objectOr({ value, text, notNumbers }: ParsedJson): ReadValue | { dropped: Reason } {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { dropped: { reason: "not_object", detail: `expected an object, got ${nameOf(value)}` } };
  const seen: Seen = { isDeep: false, isInexact: false, mayCall: false };
  look(value, maxDepth, seen);
  if (seen.isDeep) {
    return {
      dropped: { reason: "too_deep", detail: `objects and lists in each other, over ${maxDepth} levels` },
    };
  }
  const row = (seen.isInexact ? JSON.parse(withExactNumbers(text)) : value) as JsonObject;
  if (seen.mayCall) noteSources(row, text);
  if (notNumbers === 0) return { value: row };
  const found = `${notNumbers} NaN or Infinity read as null`;
  return { value: row, changed: { reason: notANumber, detail: found } };
}

interface Seen {
  isDeep: boolean;
  isInexact: boolean;
  mayCall: boolean;
}

function look(value: unknown, levels: number, seen: Seen): void {
  if (typeof value === "number") seen.isInexact ||= isInexact(value);
  if (typeof value !== "object" || value === null) return;
  if (levels === 0) seen.isDeep = true;
  else if (Array.isArray(value)) for (const inner of value as unknown[]) look(inner, levels - 1, seen);
  else {
    for (const key in value) {
      seen.mayCall ||= nearCalls.has(key);
      look((value as JsonObject)[key], levels - 1, seen);
    }
  }
}

/** What a JSON value is, for messages. */
export function nameOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a${typeof value === "object" ? "n" : ""} ${typeof value}`;
}
