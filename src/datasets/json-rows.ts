import { createReadStream } from "node:fs";
import { open, readFile, stat } from "node:fs/promises";
import { DataError } from "../errors.ts";
import { splitLines } from "./lines.ts";
import { detail, type Place, type Reason } from "./source.ts";

export type JsonObject = Record<string, unknown>;

/** A row of a JSON or JSON Lines file, or why it is none. `index` counts rows from 0. */
export type JsonRow = { place: Place; index: number; endByte: number } & (
  | { value: JsonObject }
  | { dropped: Reason }
);

const maxLineBytes = 64 * 2 ** 20;
/** A JSON array is parsed whole; past this, it has to be JSON Lines. */
const maxArrayBytes = 256 * 2 ** 20;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Rows of one file: `.json` that begins with "[" is one array, everything else a JSON value a line. */
export async function* readJsonRows(path: string, file: string): AsyncGenerator<JsonRow> {
  if (path.endsWith(".json") && (await firstChar(path)) === "[") yield* arrayRows(path, file);
  else yield* lineRows(path, file);
}

async function* lineRows(path: string, file: string): AsyncGenerator<JsonRow> {
  for await (const { line, bytes, sizeBytes, endByte } of splitLines(createReadStream(path), maxLineBytes)) {
    const row = { place: { file, row: line }, index: line - 1, endByte };
    if (bytes === null) {
      const found = `the line has ${sizeBytes} bytes, the limit is ${maxLineBytes}`;
      yield { ...row, dropped: { reason: "line_too_long", detail: found } };
    } else yield { ...row, ...parseRow(bytes) };
  }
}

function parseRow(bytes: Uint8Array): { value: JsonObject } | { dropped: Reason } {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return {
      dropped: {
        reason: "invalid_utf8",
        detail: detail(Buffer.from(bytes.subarray(0, 200)).toString("latin1")),
      },
    };
  }
  if (text.trim() === "") return { dropped: { reason: "blank_line", detail: "" } };
  try {
    return objectOr(JSON.parse(text));
  } catch (error) {
    return { dropped: { reason: "json_syntax", detail: detail(String((error as Error).message)) } };
  }
}

async function* arrayRows(path: string, file: string): AsyncGenerator<JsonRow> {
  const { size } = await stat(path);
  if (size > maxArrayBytes) {
    throw new DataError(
      `${path}: expected a JSON array of at most ${maxArrayBytes} bytes, got ${size}. Make it JSON Lines (one object a line), which is read piece by piece.`,
    );
  }
  let values: unknown;
  try {
    values = JSON.parse(utf8.decode(await readFile(path)).replace(/^\ufeff/, ""));
  } catch (error) {
    throw new DataError(
      `${path}: expected a JSON array, got a syntax error: ${detail(String((error as Error).message))}`,
    );
  }
  for (const [index, value] of (values as unknown[]).entries()) {
    yield { place: { file, row: index }, index, endByte: size, ...objectOr(value) };
  }
}

function objectOr(value: unknown): { value: JsonObject } | { dropped: Reason } {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return { value: value as JsonObject };
  return { dropped: { reason: "not_object", detail: `expected an object, got ${nameOf(value)}` } };
}

/** What a JSON value is, for messages. */
export function nameOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : `a${typeof value === "object" ? "n" : ""} ${typeof value}`;
}

async function firstChar(path: string): Promise<string> {
  const handle = await open(path);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(4_096), 0, 4_096, 0);
    return buffer
      .toString("utf8", 0, bytesRead)
      .replace(/^\ufeff/, "")
      .trimStart()
      .slice(0, 1);
  } finally {
    await handle.close();
  }
}
