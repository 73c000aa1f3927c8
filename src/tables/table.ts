import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBType } from "@duckdb/node-api";
import { batchOf, maxBatchRows, type TableRow } from "./column-batch.ts";
import { joinParquet } from "./join-parquet.ts";
import { createPart, type TablePart } from "./part.ts";
import type { TableWriter } from "./part-writer.ts";

/** Rows of a part, and characters: a part is what is held in memory and on its way to disk. */
const maxRows = 16_384;
const maxChars = 12_000_000;
/** Characters handed on at once: what is handed on soon is not moved in memory by the garbage collector. */
const batchChars = 300_000;

/** A table that grows on disk and becomes one Parquet file at the end; memory does not grow with its rows. */
export interface Table extends AsyncDisposable {
  readonly rows: number;
  /** `sizeChars`: about how much text the row holds. Resolves at once, or when the rows before are on disk. */
  append(row: TableRow, sizeChars: number): Promise<void>;
  /** Rows in the order they were appended: zstd, row groups of 2,048 rows or 32 MB. */
  writeParquet(path: string): Promise<void>;
}

/**
 * `folder` takes the temporary files. Columns by name, in order.
 *
 * The rows wait as Parquet parts, not in a table of DuckDB's: that one has to hold 2,048 rows at a time in memory to
 * write them, and a run died of documents of 300,000 characters. `writer` makes them, which takes a third of the time of
 * `zebra data`; but a table that is small is not worth a thread.
 */
export async function createTable(
  folder: string,
  columns: Record<string, DuckDBType>,
  writer: TableWriter,
): Promise<Table> {
  const parts = join(folder, `.${randomBytes(4).toString("hex")}.parts.tmp`);
  await mkdir(parts);
  const types = Object.values(columns);
  const definitions = Object.keys(columns)
    .map((name, i) => `"${name}" ${types[i]}`)
    .join(", ");
  const paths: string[] = [];
  /** The part under way, where some of its rows are handed on. */
  let part: TablePart | undefined;
  /** Rows that are not yet handed on, and what the part has in all. */
  let waiting: TableRow[] = [];
  let waitingChars = 0;
  let partRows = 0;
  let partChars = 0;
  let rows = 0;
  let underWay = Promise.resolve();

  const takeBatches = () => {
    const batches = [];
    for (let start = 0; start < waiting.length; start += maxBatchRows)
      batches.push(batchOf(types, waiting.slice(start, start + maxBatchRows)));
    waiting = [];
    waitingChars = 0;
    return batches;
  };
  const handOn = (): TablePart => {
    part ??= writer.createPart(definitions);
    for (const batch of takeBatches()) part.append(batch);
    return part;
  };
  const writeHere = async (path: string): Promise<void> => {
    using here = await createPart(definitions);
    for (const batch of takeBatches()) here.append(batch);
    await here.write(path);
  };
  /** Begins to write the part beside the making of the next rows. Throws what the part before met. */
  const flush = async (isLast: boolean): Promise<void> => {
    await underWay;
    if (partRows === 0 && paths.length > 0) return;
    const path = join(parts, `${paths.length}.parquet`);
    paths.push(path);
    underWay = part || paths.length > 1 || !isLast ? handOn().write(path) : writeHere(path);
    part = undefined;
    // Thrown when its turn comes; until then it is no unhandled one.
    underWay.catch(() => {});
    partRows = 0;
    partChars = 0;
  };
  return {
    get rows() {
      return rows;
    },
    async append(row, sizeChars) {
      // A huge row goes alone: DuckDB needs memory for several copies of what it writes.
      if (partRows > 0 && partChars + sizeChars > maxChars) await flush(false);
      waiting.push(row);
      waitingChars += sizeChars;
      partRows++;
      partChars += sizeChars;
      rows++;
      if (partRows >= maxRows || partChars >= maxChars) await flush(false);
      else if (waiting.length >= maxBatchRows || waitingChars >= batchChars) handOn();
    },
    async writeParquet(path) {
      await flush(true);
      await underWay;
      await joinParquet(paths, path);
    },
    async [Symbol.asyncDispose]() {
      await underWay.catch(() => {});
      await rm(parts, { recursive: true, force: true });
    },
  };
}
