import { appendBatch, type ColumnBatch } from "./column-batch.ts";
import { openDuckDB, sqlLiteral } from "./duckdb.ts";

const parquetOptions =
  "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 2048, ROW_GROUP_SIZE_BYTES '32MB'";

/** Some rows of a table, which become one Parquet file. */
export interface TablePart {
  append(batch: ColumnBatch): void;
  /** Nothing may be appended afterwards. */
  write(path: string): Promise<void>;
}

/**
 * An empty part with the columns of `definitions` (SQL). Each part has its own DuckDB, because DuckDB gives
 * the memory of dropped tables back only when it closes. Row groups end by rows or bytes; DuckDB counts bytes
 * only where it need not keep the order of rows, and with one thread (`openDuckDB`) the order stays.
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
