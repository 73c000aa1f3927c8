import { closeSync, openSync, readSync } from "node:fs";
import { endingOf, openBytes } from "../../datasets/files/byte-stream.ts";
import { jsonElements } from "../../datasets/files/json/json-elements.ts";
import { maxRowBytes } from "../../datasets/files/json-rows.ts";
import { DataError, messageOf } from "../../errors.ts";
import { parseJson } from "../../jinja/values/parse-json.ts";
import { PyDict, typeName, type Value } from "../../jinja/values/values.ts";
import type { Row } from "../task-config.ts";
import { following, rounded, type Shape, shaped, withValue } from "./shape.ts";
import { shortLines } from "./short-lines.ts";
import type { Table } from "./table.ts";

/** Every row has all columns: more of them are no table. */
const maxColumns = 2_000;

/**
 * JSON Lines, or a JSON array of objects (or of texts: the column is then `text`). Read twice: columns and
 * what they are come from all rows. Throws DataError for a row that is not JSON.
 */
export async function jsonTable(paths: readonly string[]): Promise<Table> {
  const columns = new Map<string, Shape>();
  let total = 0;
  for (const path of paths) {
    const own = new Map<string, Shape>();
    for await (const row of rawRows(path)) {
      total++;
      if (own.size > maxColumns)
        throw new DataError(`${path}: expected at most ${maxColumns} columns, got more`);
      for (const [key, value] of row.entries())
        own.set(key as string, withValue(own.get(key as string) ?? { kind: "null" }, value));
    }
    for (const [key, shape] of own) columns.set(key, following(columns.get(key) ?? shape, shape));
  }
  return {
    columns,
    total,
    async *rows(limit, as) {
      let left = limit;
      for (const path of paths) {
        if (left <= 0) return;
        for await (const row of rawRows(path)) {
          yield PyDict.of([...as].map(([key, shape]) => [key, shaped(row.get(key) ?? null, shape)]));
          if (--left <= 0) return;
        }
      }
    },
  };
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

async function* rawRows(path: string): AsyncGenerator<Row> {
  const isArray = firstChar(path) === "[";
  const isLines = !isArray && endingOf(path) !== ".json";
  let at = 0;
  for await (const element of jsonElements(openBytes(path).chunks, maxRowBytes, isLines)) {
    if (element === "lines") {
      yield* lineRows(path);
      return;
    }
    const where = `${path}: row ${at++}`;
    if (element === "cut" || element === "behind")
      throw new DataError(
        `${where}: expected JSON, got a file that ${element === "cut" ? "ends in it" : "goes on behind it"}`,
      );
    const row = rowOf(element.bytes, where);
    yield isArray ? (rounded(row) as Row) : row;
  }
}

async function* lineRows(path: string): AsyncGenerator<Row> {
  for await (const { line, bytes } of shortLines(path)) {
    if (/^\s*$/.test(Buffer.from(bytes.subarray(0, 64)).toString("latin1")) && isBlank(bytes)) continue;
    yield rowOf(bytes, `${path}:${line}`);
  }
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

function rowOf(bytes: Uint8Array | null, where: string): Row {
  if (bytes === null) throw new DataError(`${where}: expected at most ${maxRowBytes} bytes, got more`);
  let value: Value;
  try {
    value = parseJson(utf8.decode(bytes));
  } catch (error) {
    const message = messageOf(error).slice(0, 200);
    throw new DataError(
      `${where}: ${message.startsWith("expected") ? message : `expected JSON, got ${message}`}`,
    );
  }
  if (typeof value === "string") return PyDict.of([["text", value]]);
  if (value instanceof PyDict) return value;
  throw new DataError(`${where}: expected an object with the columns of a row, got a ${typeName(value)}`);
}

function firstChar(path: string): string {
  const bytes = Buffer.alloc(256);
  const file = openSync(path, "r");
  try {
    const count = readSync(file, bytes);
    return bytes
      .subarray(0, count)
      .toString("utf8")
      .replace(/^\ufeff/, "")
      .trimStart()
      .slice(0, 1);
  } finally {
    closeSync(file);
  }
}
