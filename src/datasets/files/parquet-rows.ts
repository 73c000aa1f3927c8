import { stat } from "node:fs/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { DataError } from "../../errors.ts";
import { openDuckDB, sqlLiteral } from "../../tables/duckdb.ts";
import { detail } from "../reason.ts";
import type { JsonObject, JsonRow } from "./json-rows.ts";
import { needsSources, noteParquetSources } from "./parquet-sources.ts";
import { hasFloats, plainValue } from "./parquet-values.ts";

/**
 * Rows of a Parquet file. DuckDB holds at most 2,048 rows in memory, and we hold one; `plainValue` says how
 * values are converted. Throws DataError for a file that is cut short or damaged, or has numbers that cannot
 * be read exactly.
 */
export async function* readParquet(path: string, file: string): AsyncGenerator<JsonRow> {
  const { size } = await stat(path);
  let index = 0;
  try {
    using connection = await openDuckDB();
    const from = `read_parquet(${sqlLiteral(path)})`;
    await needReadable(connection, path);
    const total = Number((await connection.runAndReadAll(`SELECT count(*) FROM ${from}`)).getRows()[0]![0]);
    const result = await connection.stream(`SELECT * FROM ${from}`);
    const names = result.columnNames();
    const types = result.columnTypes();
    const floats = types.map(hasFloats);
    const isSourced = types.map(needsSources);
    for await (const chunk of result) {
      const columns = names.map((_, i) => chunk.getColumnVector(i));
      for (let i = 0; i < chunk.rowCount; i++) {
        const value: JsonObject = {};
        for (const [j, name] of names.entries()) {
          const item = columns[j]!.getItem(i);
          value[name] = plainValue(item, floats[j]!);
          if (isSourced[j]) noteParquetSources(value[name], item, types[j]!);
        }
        const endByte = Math.floor((size * (index + 1)) / Math.max(1, total));
        yield { place: { file, row: index }, index, endByte, value };
        index++;
      }
    }
  } catch (error) {
    if (!(error instanceof Error) || error instanceof DataError) throw error;
    throw new DataError(
      `${path}: expected a whole Parquet file, got one that cannot be read after at least ${index} ` +
        `rows (${detail(error.message)}). Fetch or make it anew.`,
    );
  }
}

/** Throws for decimals of more digits than DuckDB has: it would read them as other numbers. */
async function needReadable(connection: DuckDBConnection, path: string): Promise<void> {
  const sql = `SELECT name, precision FROM parquet_schema(${sqlLiteral(path)}) WHERE precision > 38`;
  for (const [name, digits] of (await connection.runAndReadAll(sql)).getRows()) {
    throw new DataError(
      `${path}: expected decimals of at most 38 digits, got ${digits} in the column ${name}. Write ` +
        "it as text, or leave it out.",
    );
  }
}
