import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  type DuckDBConnection,
  DuckDBDataChunk,
  FLOAT,
  INTEGER,
  LIST,
  listValue,
  VARCHAR,
} from "@duckdb/node-api";
import type { Pack } from "../../contracts/pack.ts";
import { packsPath } from "../../contracts/run-folder.ts";
import { DataError } from "../../errors.ts";
import { openDuckDB, sqlLiteral, streamRows } from "../../tables/duckdb.ts";
import { joinParquet } from "../../tables/join-parquet.ts";
import { setListColumn } from "./list-columns.ts";

const columns = {
  input_ids: LIST(INTEGER),
  labels: LIST(INTEGER),
  position_ids: LIST(INTEGER),
  seq_lengths: LIST(INTEGER),
  loss_weights: LIST(FLOAT),
  sources: LIST(VARCHAR),
};

/**
 * Packs of a folder, read by index; a few blocks of them are in memory. It keeps a connection open until it
 * is disposed of.
 */
export interface PackStore extends AsyncDisposable {
  count: number;
  /** Tokens of each pack, [count]. */
  lengths: Int32Array;
  tokens: number;
  /** Labels that are not −100. */
  supervisedTokens: number;
  /**
   * Reads a pack; several reads may be under way. Throws RangeError unless `index` is an integer in [0,
   * count).
   */
  read(index: number): Promise<Pack>;
}

/**
 * About so many tokens are in a row group. Reading a pack reads its whole group, and writing holds a group in
 * memory.
 */
const rowGroupTokens = 1 << 17;
/** Rows of a DuckDB vector: a row group made of one chunk has at most so many. */
const maxRowGroupRows = 2048;

/**
 * Writes `<dir>/packs.parquet` (zstd), which appears when it is whole. One row group of packs is collected
 * while another is written, so a mix may be larger than the memory. DuckDB ends a row group only at the end
 * of a chunk: 2,048 rows, which may be hundreds of megabytes of tokens. So each group is first a file by
 * itself, and the files are then joined.
 */
export async function writePacks(dir: string, packs: Iterable<Pack> | AsyncIterable<Pack>): Promise<void> {
  await mkdir(dir, { recursive: true });
  const temporary = await mkdtemp(join(dir, ".tmp-groups-"));
  using connection = await openDuckDB();
  let underWay = Promise.resolve();
  try {
    const files: string[] = [];
    /** Begins to write a group while the next is made. Throws what went wrong with the group before. */
    const write = async (rows: readonly Pack[]): Promise<void> => {
      await underWay;
      const path = join(temporary, `${files.length}.parquet`);
      files.push(path);
      underWay = writeGroup(connection, path, rows);
      // An error is thrown at the next group; until then it counts as handled.
      underWay.catch(() => {});
    };
    let group: Pack[] = [];
    let tokens = 0;
    for await (const pack of packs) {
      group.push(pack);
      tokens += pack.input_ids.length;
      if (tokens < rowGroupTokens && group.length < maxRowGroupRows) continue;
      await write(group);
      group = [];
      tokens = 0;
    }
    if (group.length > 0 || files.length === 0) await write(group);
    await underWay;
    const joined = packsPath(temporary);
    await joinParquet(files, joined);
    await rename(joined, packsPath(dir));
  } finally {
    await underWay.catch(() => {});
    await rm(temporary, { recursive: true, force: true });
  }
}

/**
 * Writes through one table that is emptied each time: a new database for each group would cost more than the
 * group.
 */
async function writeGroup(connection: DuckDBConnection, path: string, packs: readonly Pack[]): Promise<void> {
  const definitions = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  await connection.run(`CREATE OR REPLACE TABLE rows (${definitions.join(", ")})`);
  const appender = await connection.createAppender("rows");
  if (packs.length > 0) {
    const chunk = DuckDBDataChunk.create(Object.values(columns), packs.length);
    for (const [column, name] of (Object.keys(columns) as (keyof Pack)[]).entries()) {
      if (name === "sources")
        chunk.setColumnValues(
          column,
          packs.map(({ sources }) => listValue(sources)),
        );
      else
        setListColumn(
          chunk,
          column,
          packs.map((pack) => pack[name]),
        );
    }
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
  await connection.run(`COPY rows TO ${sqlLiteral(path)} (FORMAT parquet, COMPRESSION zstd)`);
}

/** Packs of about so many tokens are kept in memory. */
const cachedTokens = 1 << 20;

/** Packs [start, end) that are read together. */
interface Block {
  start: number;
  end: number;
  tokens: number;
}

/** Opens a folder that `writePacks` made. Throws DataError when there is none. */
export async function openPacks(dir: string): Promise<PackStore> {
  const path = packsPath(dir);
  if (!existsSync(path)) {
    throw new DataError(`${path}: expected the packs of a mix, got no such file. Run \`zebra mix\` first.`);
  }
  // One connection for all reads: opening a database takes longer than reading a block.
  const connection = await openDuckDB();
  const { lengths, supervisedTokens, blockOf } = await readIndex(connection, path).catch((error: unknown) => {
    connection[Symbol.dispose]();
    throw error;
  });
  const cache = new Map<Block, Pack[]>();
  let cached = 0;
  const load = async (block: Block): Promise<Pack[]> => {
    const rows = `file_row_number >= ${block.start} AND file_row_number < ${block.end}`;
    // Not streamed, because a second read on the connection would end the first one's stream.
    const result = await connection.runAndReadAll(
      `SELECT * FROM ${rowsOf(path)} WHERE ${rows} ORDER BY file_row_number`,
    );
    return result.getRowObjectsJS().map(packOf);
  };
  return {
    count: lengths.length,
    lengths,
    tokens: lengths.reduce((a, b) => a + b, 0),
    supervisedTokens,
    async read(index) {
      const block = blockOf[index];
      if (block === undefined)
        throw new RangeError(`${path}: expected a pack in [0, ${lengths.length}), got ${index}`);
      const packs = cache.get(block) ?? (await load(block));
      // The block used last is put last, and the one unused for longest is removed first.
      cached += cache.delete(block) ? 0 : block.tokens;
      cache.set(block, packs);
      for (const old of cache.keys()) {
        if (cached <= cachedTokens || old === block) break;
        cache.delete(old);
        cached -= old.tokens;
      }
      return packs[index - block.start]!;
    },
    async [Symbol.asyncDispose]() {
      cache.clear();
      connection[Symbol.dispose]();
    },
  };
}

function rowsOf(path: string): string {
  return `read_parquet(${sqlLiteral(path)}, file_row_number = true)`;
}

async function readIndex(
  connection: DuckDBConnection,
  path: string,
): Promise<{ lengths: Int32Array; supervisedTokens: number; blockOf: Block[] }> {
  const { lengths, supervisedTokens } = await readSizes(connection, path);
  return { lengths, supervisedTokens, blockOf: await readBlocks(connection, path, lengths) };
}

async function readSizes(
  connection: DuckDBConnection,
  path: string,
): Promise<{ lengths: Int32Array; supervisedTokens: number }> {
  const supervised = "len(list_filter(labels, lambda label: label >= 0))";
  const sql =
    `SELECT len(input_ids)::INTEGER AS n, ${supervised}::INTEGER AS s FROM ${rowsOf(path)} ORDER BY ` +
    "file_row_number";
  const lengths: number[] = [];
  let supervisedTokens = 0;
  for await (const row of streamRows(sql, connection)) {
    lengths.push(Number(row.n));
    supervisedTokens += Number(row.s);
  }
  return { lengths: Int32Array.from(lengths), supervisedTokens };
}

/**
 * The block of each pack: its row group, since reading any pack decodes all of it. Where another program
 * wrote row groups too large to keep, each pack is a block.
 */
async function readBlocks(connection: DuckDBConnection, path: string, lengths: Int32Array): Promise<Block[]> {
  const sql =
    "SELECT row_group_id AS id, any_value(row_group_num_rows)::INTEGER AS n FROM " +
    `parquet_metadata(${sqlLiteral(path)}) GROUP BY 1 ORDER BY 1`;
  const blocks: Block[] = [];
  for await (const row of streamRows(sql, connection)) {
    const start = blocks.length;
    const end = start + Number(row.n);
    const tokens = lengths.subarray(start, end).reduce((a, b) => a + b, 0);
    const group = { start, end, tokens };
    for (let i = start; i < end; i++)
      blocks.push(tokens <= cachedTokens / 2 ? group : { start: i, end: i + 1, tokens: lengths[i]! });
  }
  return blocks;
}

function packOf(row: Record<string, unknown>): Pack {
  const ints = (name: string) => Int32Array.from(row[name] as number[]);
  return {
    input_ids: ints("input_ids"),
    labels: ints("labels"),
    position_ids: ints("position_ids"),
    seq_lengths: ints("seq_lengths"),
    loss_weights: Float32Array.from(row.loss_weights as number[]),
    sources: row.sources as string[],
  };
}
