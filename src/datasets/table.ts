import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type DuckDBAppender, DuckDBDataChunk, type DuckDBType, type DuckDBValue } from "@duckdb/node-api";
import { openDuckDB, sqlLiteral } from "./duckdb.ts";

/** Rows held in memory before they go to the appender: so many, or so many characters. */
const maxRows = 1_024;
const maxChars = 4_000_000;
/** Characters after which the appender, which keeps up to 200,000 rows in memory by itself, gives them to the table. */
const flushChars = 32_000_000;

/** A table that grows on disk and becomes one Parquet file at the end; memory does not grow with its rows. */
export interface Table extends AsyncDisposable {
  readonly rows: number;
  /** `sizeChars`: about how much text the row holds. */
  append(row: DuckDBValue[], sizeChars: number): void;
  /** Rows in the order they were appended, zstd, row groups of 2,048 rows. */
  writeParquet(path: string): Promise<void>;
}

/** `folder` takes the temporary file. Columns by name, in order. */
export async function createTable(folder: string, columns: Record<string, DuckDBType>): Promise<Table> {
  const file = join(folder, `.${randomBytes(4).toString("hex")}.duckdb.tmp`);
  const connection = await openDuckDB(file);
  const types = Object.values(columns);
  const names = Object.keys(columns).map((name, i) => `"${name}" ${types[i]}`);
  // The file goes away with the table: nothing is gained by tidying it on the way out.
  await connection.run("PRAGMA disable_checkpoint_on_shutdown");
  await connection.run(`CREATE TABLE rows (${names.join(", ")})`);
  const appender: DuckDBAppender = await connection.createAppender("rows");
  let waiting: DuckDBValue[][] = [];
  let waitingChars = 0;
  let appendedChars = 0;
  let rows = 0;

  const flush = () => {
    if (waiting.length === 0) return;
    const chunk = DuckDBDataChunk.create(types, waiting.length);
    chunk.setRows(waiting);
    appender.appendDataChunk(chunk);
    appendedChars += waitingChars;
    waiting = [];
    waitingChars = 0;
    if (appendedChars < flushChars) return;
    appender.flushSync();
    appendedChars = 0;
  };
  return {
    get rows() {
      return rows;
    },
    append(row, sizeChars) {
      waiting.push(row);
      waitingChars += sizeChars;
      rows++;
      if (waiting.length >= maxRows || waitingChars >= maxChars) flush();
    },
    async writeParquet(path) {
      flush();
      appender.flushSync();
      await connection.run(
        `COPY rows TO ${sqlLiteral(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 2048)`,
      );
    },
    async [Symbol.asyncDispose]() {
      appender.closeSync();
      connection[Symbol.dispose]();
      await rm(file, { force: true });
      await rm(`${file}.wal`, { force: true });
    },
  };
}
