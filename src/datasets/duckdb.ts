import { type DuckDBConnection, DuckDBInstance, type JS } from "@duckdb/node-api";

/** Rows may have 64 MB, of which DuckDB holds some five copies while it writes one; what is larger goes to disk. */
const memoryLimit = "768MB";

/**
 * A connection with a bounded memory and one thread, so that rows come in the order of the file. Closes with
 * `using`.
 */
export async function openDuckDB(path = ":memory:"): Promise<DuckDBConnection & Disposable> {
  const instance = await DuckDBInstance.create(path, { threads: "1", memory_limit: memoryLimit });
  const connection = await instance.connect();
  return Object.assign(connection, {
    [Symbol.dispose]() {
      connection.closeSync();
      instance.closeSync();
    },
  });
}

/** A path or text as an SQL literal (COPY and read_parquet take no parameters for theirs). */
export function sqlLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Rows of a query as plain objects, a chunk (2,048 rows at most) in memory at a time; on a connection of its own unless told. */
export async function* streamRows(
  sql: string,
  connection?: DuckDBConnection,
): AsyncGenerator<Record<string, JS>> {
  using own = connection ? undefined : await openDuckDB();
  const result = await (connection ?? own!).stream(sql);
  for await (const rows of result.yieldRowObjectJs()) yield* rows;
}
