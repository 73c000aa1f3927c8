import { appendBatch, type Batch } from "./column-batch.ts";
import { openDuckDB, sqlLiteral } from "./duckdb.ts";

const parquetOptions =
  "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 2048, ROW_GROUP_SIZE_BYTES '32MB'";

/** Some rows of a table, which become a Parquet file of their own. */
export interface TablePart {
  append(batch: Batch): void;
  /** Nothing is appended after it. */
  write(path: string): Promise<void>;
}

/**
 * A DuckDB of its own for each part: one that makes and drops tables gives their memory back only when it closes.
 * Lets row groups end by their bytes; with one thread, which openDuckDB sets, rows keep their order all the same.
 * `definitions`: the columns in SQL.
 */
export async function createPart(definitions: string): Promise<TablePart & Disposable> {
  const connection = await openDuckDB();
  await connection.run("SET preserve_insertion_order = false");
  await connection.run(`CREATE TABLE rows (${definitions})`);
  const appender = await connection.createAppender("rows");
  return {
    append: (batch) => appendBatch(appender, batch),
    async write(path) {
      appender.closeSync();
      await connection.run(`COPY rows TO ${sqlLiteral(path)} (${parquetOptions})`);
    },
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
}
