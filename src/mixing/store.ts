import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { FLOAT, INTEGER, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import { openDuckDB, sqlLiteral, streamRows } from "../datasets/duckdb.ts";
import { createTable } from "../datasets/table.ts";
import { DataError } from "../errors.ts";
import type { Pack } from "./pack.ts";

const columns = {
  input_ids: LIST(INTEGER),
  labels: LIST(INTEGER),
  position_ids: LIST(INTEGER),
  seq_lengths: LIST(INTEGER),
  loss_weights: LIST(FLOAT),
  sources: LIST(VARCHAR),
};

/** Packs of a folder, read by index; a block of them is in memory at a time. */
export interface PackStore {
  count: number;
  /** Tokens of each pack, [count]. */
  lengths: Int32Array;
  tokens: number;
  /** Labels that are not −100. */
  supervisedTokens: number;
  /** Throws RangeError for an index outside [0, count). */
  read(index: number): Promise<Pack>;
}

function packsPath(dir: string): string {
  return join(dir, "packs.parquet");
}

/** Writes `<dir>/packs.parquet` (zstd), which appears when it is whole. */
export async function writePacks(dir: string, packs: Iterable<Pack>): Promise<void> {
  await mkdir(dir, { recursive: true });
  await using table = await createTable(dir, columns);
  for (const pack of packs) {
    const lists = [
      pack.input_ids,
      pack.labels,
      pack.position_ids,
      pack.seq_lengths,
      pack.loss_weights,
      pack.sources,
    ];
    table.append(
      lists.map((list) => listValue(Array.from<number | string>(list))),
      pack.input_ids.length * 16,
    );
  }
  await table.writeParquet(packsPath(dir));
}

/** Packs kept in memory: about so many tokens' worth. */
const cachedTokens = 1 << 20;

/** Opens a folder that `writePacks` made. Throws DataError when there is none. */
export async function openPacks(dir: string): Promise<PackStore> {
  const path = packsPath(dir);
  if (!existsSync(path)) {
    throw new DataError(`${path}: expected the packs of a mix, got no such file. Run \`zebra mix\` first.`);
  }
  const from = `read_parquet(${sqlLiteral(path)}, file_row_number = true)`;
  const sizes: number[] = [];
  let supervisedTokens = 0;
  const supervised = "len(list_filter(labels, lambda label: label >= 0))";
  const summary = `SELECT len(input_ids)::INTEGER AS n, ${supervised}::INTEGER AS s FROM ${from} ORDER BY file_row_number`;
  for await (const row of streamRows(summary)) {
    sizes.push(Number(row.n));
    supervisedTokens += Number(row.s);
  }
  const cache = new Map<number, Pack>();
  let cached = 0;
  return {
    count: sizes.length,
    lengths: Int32Array.from(sizes),
    tokens: sizes.reduce((a, b) => a + b, 0),
    supervisedTokens,
    async read(index) {
      if (!(index >= 0 && index < sizes.length)) {
        throw new RangeError(`${path}: expected a pack in [0, ${sizes.length}), got ${index}`);
      }
      const known = cache.get(index);
      if (known) return known;
      using connection = await openDuckDB();
      const result = await connection.runAndReadAll(`SELECT * FROM ${from} WHERE file_row_number = ${index}`);
      const pack = packOf(result.getRowObjectsJS()[0]!);
      if (cached + sizes[index]! > cachedTokens) {
        cache.clear();
        cached = 0;
      }
      cache.set(index, pack);
      cached += sizes[index]!;
      return pack;
    },
  };
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
