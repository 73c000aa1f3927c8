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

/**
 * Rows of a query as plain objects, on a connection of its own unless told. A chunk (2,048 rows at most) is in memory
 * at a time, and the next, which is read while its rows are at work.
 */
export async function* streamRows(
  sql: string,
  connection?: DuckDBConnection,
): AsyncGenerator<Record<string, JS>> {
  using own = connection ? undefined : await openDuckDB();
  const chunks = (await (connection ?? own!).stream(sql)).yieldRowObjectJs();
  let next = chunks.next();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = chunks.next();
      // Thrown when its turn comes; until then it is no unhandled one.
      next.catch(() => {});
      yield* value;
    }
  } finally {
    await next.catch(() => {});
  }
}
