import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBDataChunk, type DuckDBType, type DuckDBValue } from "@duckdb/node-api";
import { openDuckDB, sqlLiteral } from "./duckdb.ts";
import { joinParquet } from "./join-parquet.ts";

/** Rows held in memory before they go to disk as a part: so many, or so many characters. */
const maxRows = 16_384;
const maxChars = 12_000_000;
/** Rows of a chunk that DuckDB takes at once. */
const chunkRows = 2_048;

const parquetOptions =
  "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 2048, ROW_GROUP_SIZE_BYTES '32MB'";

/** A table that grows on disk and becomes one Parquet file at the end; memory does not grow with its rows. */
export interface Table extends AsyncDisposable {
  readonly rows: number;
  /** `sizeChars`: about how much text the row holds. Resolves at once, or when the rows before are on disk. */
  append(row: DuckDBValue[], sizeChars: number): Promise<void>;
  /** Rows in the order they were appended: zstd, row groups of 2,048 rows or 32 MB. */
  writeParquet(path: string): Promise<void>;
}

/**
 * A DuckDB of its own for each part: one that makes and drops tables gives their memory back only when it closes.
 * Lets row groups end by their bytes; with one thread, which openDuckDB sets, rows keep their order all the same.
 */
async function openUnordered(): ReturnType<typeof openDuckDB> {
  const connection = await openDuckDB();
  await connection.run("SET preserve_insertion_order = false");
  return connection;
}

/**
 * `folder` takes the temporary files. Columns by name, in order.
 *
 * The rows wait as Parquet parts, not in a table of DuckDB's: that one has to hold 2,048 rows at a time in memory to
 * write them, and a run died of documents of 300,000 characters.
 */
export async function createTable(folder: string, columns: Record<string, DuckDBType>): Promise<Table> {
  const parts = join(folder, `.${randomBytes(4).toString("hex")}.parts.tmp`);
  await mkdir(parts);
  const types = Object.values(columns);
  const names = Object.keys(columns).map((name, i) => `"${name}" ${types[i]}`);
  const paths: string[] = [];
  let waiting: DuckDBValue[][] = [];
  let waitingChars = 0;
  let rows = 0;
  let underWay = Promise.resolve();

  const writePart = async (part: readonly DuckDBValue[][], path: string): Promise<void> => {
    using connection = await openUnordered();
    await connection.run(`CREATE TABLE rows (${names.join(", ")})`);
    const appender = await connection.createAppender("rows");
    for (let start = 0; start < part.length; start += chunkRows) {
      const some = part.slice(start, start + chunkRows);
      const chunk = DuckDBDataChunk.create(types, some.length);
      chunk.setRows(some);
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
    await connection.run(`COPY rows TO ${sqlLiteral(path)} (${parquetOptions})`);
  };
  /** Begins to write what waits; DuckDB does so beside the making of the next rows. Throws what the part before met. */
  const flush = async (): Promise<void> => {
    await underWay;
    if (waiting.length === 0 && paths.length > 0) return;
    const path = join(parts, `${paths.length}.parquet`);
    paths.push(path);
    underWay = writePart(waiting, path);
    // Thrown when its turn comes; until then it is no unhandled one.
    underWay.catch(() => {});
    waiting = [];
    waitingChars = 0;
  };
  return {
    get rows() {
      return rows;
    },
    async append(row, sizeChars) {
      // A huge row goes alone: DuckDB needs memory for several copies of what it writes.
      if (waiting.length > 0 && waitingChars + sizeChars > maxChars) await flush();
      waiting.push(row);
      waitingChars += sizeChars;
      rows++;
      if (waiting.length >= maxRows || waitingChars >= maxChars) await flush();
    },
    async writeParquet(path) {
      await flush();
      await underWay;
      await joinParquet(paths, path);
    },
    async [Symbol.asyncDispose]() {
      await underWay.catch(() => {});
      await rm(parts, { recursive: true, force: true });
    },
  };
}
