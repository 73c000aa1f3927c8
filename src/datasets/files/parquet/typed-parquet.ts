import {
  DuckDBArrayType,
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBListType,
  DuckDBListValue,
  DuckDBMapType,
  DuckDBMapValue,
  DuckDBStructType,
  DuckDBStructValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from "@duckdb/node-api";
import { DataError } from "../../../errors.ts";
import { openDuckDB, sqlLiteral } from "../../../tables/duckdb.ts";
import { detail } from "../../reason.ts";

/** What becomes of a value, for readers that tell 1 from 1.0 and null from what is missing. */
export interface ValueMaker<T> {
  null: T;
  boolean(value: boolean): T;
  integer(value: number | bigint): T;
  float(value: number): T;
  text(value: string): T;
  list(items: T[]): T;
  struct(entries: [string, T][]): T;
}

export interface TypedRows<T> {
  names: readonly string[];
  total: number;
  /** The first `limit` rows, a value a column. */
  rows(limit: number): AsyncGenerator<T[]>;
}

/**
 * Rows of a Parquet file with the types of its columns. Dates and times are text as Python prints them, bytes
 * are null: no prompt has them. Throws DataError for a file that cannot be read.
 */
export async function readTypedParquet<T>(path: string, make: ValueMaker<T>): Promise<TypedRows<T>> {
  const from = `read_parquet(${sqlLiteral(path)})`;
  using connection = await openDuckDB();
  try {
    const result = await connection.runAndReadAll(`SELECT count(*) FROM ${from}`);
    const columns = await connection.runAndReadAll(`SELECT * FROM ${from} LIMIT 0`);
    const total = Number(result.getRows()[0]![0]);
    return { names: columns.columnNames(), total, rows: (limit) => typedRows(path, from, limit, make) };
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function* typedRows<T>(
  path: string,
  from: string,
  limit: number,
  make: ValueMaker<T>,
): AsyncGenerator<T[]> {
  try {
    using connection = await openDuckDB();
    const most = Number.isFinite(limit) ? ` LIMIT ${Math.floor(limit)}` : "";
    const result = await connection.stream(`SELECT * FROM ${from}${most}`);
    const types = result.columnTypes();
    for await (const chunk of result) {
      const columns = types.map((_, i) => chunk.getColumnVector(i));
      for (let i = 0; i < chunk.rowCount; i++)
        yield columns.map((column, j) => typed(column.getItem(i), types[j]!, make));
    }
  } catch (error) {
    throw error instanceof DataError ? error : unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): DataError {
  const why = error instanceof Error ? detail(error.message) : String(error);
  return new DataError(`${path}: expected a whole Parquet file, got one that cannot be read (${why}).`);
}

function typed<T>(value: DuckDBValue, type: DuckDBType, make: ValueMaker<T>): T {
  if (value === null || value instanceof DuckDBBlobValue) return make.null;
  if (typeof value === "boolean") return make.boolean(value);
  if (typeof value === "string") return make.text(value);
  if (typeof value === "bigint") return make.integer(value);
  if (typeof value === "number") {
    const isFloat = type.typeId === DuckDBTypeId.DOUBLE || type.typeId === DuckDBTypeId.FLOAT;
    return isFloat ? make.float(value) : make.integer(value);
  }
  if (value instanceof DuckDBListValue && type instanceof DuckDBListType)
    return make.list(value.items.map((item) => typed(item, type.valueType, make)));
  if (value instanceof DuckDBArrayValue && type instanceof DuckDBArrayType)
    return make.list(value.items.map((item) => typed(item, type.valueType, make)));
  if (value instanceof DuckDBStructValue && type instanceof DuckDBStructType)
    return make.struct(
      type.entryNames.map((name, i) => [name, typed(value.entries[name] ?? null, type.entryTypes[i]!, make)]),
    );
  if (value instanceof DuckDBMapValue && type instanceof DuckDBMapType)
    return make.list(
      value.entries.map(({ key, value: held }) =>
        make.list([typed(key, type.keyType, make), typed(held, type.valueType, make)]),
      ),
    );
  return make.text(value.toString());
}
