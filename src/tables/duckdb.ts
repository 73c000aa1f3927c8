import { type DuckDBConnection, DuckDBInstance, type JS } from "@duckdb/node-api";

/**
 * A row may have 64 MB, and DuckDB holds about five copies of it while it writes it. What needs more goes to
 * disk.
 */
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

/** A path or text as an SQL literal, since COPY and read_parquet take no parameters. */
export function sqlLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * Rows of a query as plain objects, on `connection` or a new one. Two chunks of at most 2,048 rows are in
 * memory: the one whose rows are given out, and the next, which is read meanwhile.
 */
export async function* streamRows<Row = Record<string, JS>>(
  sql: string,
  connection?: DuckDBConnection,
): AsyncGenerator<Row> {
  using own = connection ? undefined : await openDuckDB();
  const chunks = (await (connection ?? own!).stream(sql)).yieldRowObjectJs();
  let next = chunks.next();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = chunks.next();
      // An error is thrown when its chunk's turn comes; until then it counts as handled.
      next.catch(() => {});
      yield* value as Row[];
    }
  } finally {
    await next.catch(() => {});
  }
}
