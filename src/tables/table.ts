import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBType } from "@duckdb/node-api";
import { type ColumnBatch, columnBatchOf, maxBatchRows, type TableRow } from "./column-batch.ts";
import { joinParquet } from "./join-parquet.ts";
import { createPart, type TablePart } from "./part.ts";
import type { TableWriter } from "./part-writer.ts";

/** Most rows and characters of a part: the part under way, and the one on its way to disk, are in memory. */
const maxRows = 16_384;
const maxChars = 12_000_000;
/** Characters handed on at once: rows handed on while young are not moved about by the garbage collector. */
const batchChars = 300_000;

/** A table that grows on disk and becomes one Parquet file at the end; memory does not grow with its rows. */
export interface Table extends AsyncDisposable {
  readonly rows: number;
  /** `sizeChars`: about how much text the row holds. Resolves at once, or when earlier rows are on disk. */
  append(row: TableRow, sizeChars: number): Promise<void>;
  /** Rows in the order they were appended: zstd, row groups of 2,048 rows or 32 MB. */
  writeParquet(path: string): Promise<void>;
}

/**
 * `folder` takes the temporary files; `columns` by name, in order. `writer` makes large parts on its thread;
 * a table that is small is not worth a thread and is written on this one.
 *
 * The rows wait as Parquet parts on disk, not in a table of DuckDB's: that one holds 2,048 rows at a time in
 * memory to write them, and a run died of documents of 300,000 characters.
 */
export async function createTable(
  folder: string,
  columns: Record<string, DuckDBType>,
  writer: TableWriter,
): Promise<Table> {
  const parts = join(folder, `.${randomBytes(4).toString("hex")}.parts.tmp`);
  await mkdir(parts);
  const layout = layoutOf(columns);
  const paths: string[] = [];
  let pending = newPart();
  let rows = 0;
  let underWay = Promise.resolve();

  /** Begins to write the part while the next rows are made. Throws what went wrong with the part before. */
  const flush = async (isLast: boolean): Promise<void> => {
    await underWay;
    // A table without rows is a part without rows.
    if (pending.rows === 0 && paths.length > 0) return;
    const path = join(parts, `${paths.length}.parquet`);
    paths.push(path);
    const isSmall = pending.part === undefined && paths.length === 1 && isLast;
    underWay = isSmall ? writeHere(pending, layout, path) : handOn(pending, layout, writer).write(path);
    // Thrown at the next flush; until then it counts as handled.
    underWay.catch(() => {});
    pending = newPart();
  };
  return {
    get rows() {
      return rows;
    },
    async append(row, sizeChars) {
      // A huge row goes alone: DuckDB needs memory for several copies of what it writes.
      if (pending.rows > 0 && pending.chars + sizeChars > maxChars) await flush(false);
      pending.waiting.push(row);
      pending.waitingChars += sizeChars;
      pending.rows++;
      pending.chars += sizeChars;
      rows++;
      if (pending.rows >= maxRows || pending.chars >= maxChars) await flush(false);
      else if (pending.waiting.length >= maxBatchRows || pending.waitingChars >= batchChars)
        handOn(pending, layout, writer);
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

/** The columns of a table: their types, and their names with types in SQL. */
interface Layout {
  types: readonly DuckDBType[];
  definitions: string;
}

function layoutOf(columns: Record<string, DuckDBType>): Layout {
  const definitions = Object.entries(columns).map(([name, type]) => `"${name}" ${type}`);
  return { types: Object.values(columns), definitions: definitions.join(", ") };
}

/** The part that rows are appended to. */
interface PendingPart {
  /** On the writer's thread, once some of its rows were handed on. */
  part: TablePart | undefined;
  /** Rows that were not handed on yet. */
  waiting: TableRow[];
  waitingChars: number;
  /** What the part has in all. */
  rows: number;
  chars: number;
}

function newPart(): PendingPart {
  return { part: undefined, waiting: [], waitingChars: 0, rows: 0, chars: 0 };
}

function takeBatches(pending: PendingPart, types: readonly DuckDBType[]): ColumnBatch[] {
  const batches = [];
  for (let start = 0; start < pending.waiting.length; start += maxBatchRows)
    batches.push(columnBatchOf(types, pending.waiting.slice(start, start + maxBatchRows)));
  pending.waiting = [];
  pending.waitingChars = 0;
  return batches;
}

/** Gives the waiting rows to the writer's thread. */
function handOn(pending: PendingPart, { types, definitions }: Layout, writer: TableWriter): TablePart {
  const part = pending.part ?? writer.createPart(definitions);
  pending.part = part;
  for (const batch of takeBatches(pending, types)) part.append(batch);
  return part;
}

async function writeHere(pending: PendingPart, { types, definitions }: Layout, path: string): Promise<void> {
  using here = await createPart(definitions);
  for (const batch of takeBatches(pending, types)) here.append(batch);
  await here.write(path);
}
