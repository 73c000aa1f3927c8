import { isUtf8 } from "node:buffer";
import { stat } from "node:fs/promises";
import { type JS, JSDuckDBValueConverter } from "@duckdb/node-api";
import { DataError } from "../errors.ts";
import { openDuckDB, sqlLiteral } from "./duckdb.ts";
import type { JsonObject, JsonRow } from "./json-rows.ts";
import { detail } from "./source.ts";

/**
 * Rows of a Parquet file, a row group's part (2,048 rows at most) in DuckDB's memory and one row in ours at a
 * time. Whole numbers that JavaScript holds exactly are numbers, larger ones text; times are ISO 8601; bytes are text where they
 * are UTF-8 (some writers do not say which of their columns are text), else `{ base64 }`, which no format takes for text.
 * What is null inside a column is absent: objects of one column have all keys of each other (the arguments of every call).
 * throws DataError for a file that is cut short or damaged.
 */
export async function* readParquet(path: string, file: string): AsyncGenerator<JsonRow> {
  const { size } = await stat(path);
  let index = 0;
  try {
    using connection = await openDuckDB();
    const from = `read_parquet(${sqlLiteral(path)})`;
    const total = Number((await connection.runAndReadAll(`SELECT count(*) FROM ${from}`)).getRows()[0]![0]);
    const result = await connection.stream(`SELECT * FROM ${from}`);
    const names = result.columnNames();
    const types = result.columnTypes();
    for await (const chunk of result) {
      const columns = names.map((_, i) => chunk.getColumnVector(i));
      for (let i = 0; i < chunk.rowCount; i++) {
        const value: JsonObject = {};
        for (const [j, name] of names.entries()) {
          value[name] = plain(
            JSDuckDBValueConverter(columns[j]!.getItem(i), types[j]!, JSDuckDBValueConverter),
          );
        }
        const endByte = Math.floor((size * (index + 1)) / Math.max(1, total));
        yield { place: { file, row: index }, index, endByte, value };
        index++;
      }
    }
  } catch (error) {
    if (!(error instanceof Error) || error instanceof DataError) throw error;
    throw new DataError(
      `${path}: expected a whole Parquet file, got one that cannot be read after at least ${index} rows (${detail(error.message)}). Fetch or make it anew.`,
    );
  }
}

/** As JSON would have it. */
function plain(value: JS): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Uint8Array) {
    const bytes = Buffer.from(value);
    return isUtf8(bytes) ? bytes.toString("utf8") : { base64: bytes.toString("base64") };
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, plain(inner)]])),
  );
}
