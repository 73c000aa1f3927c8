import { join } from "node:path";
import type { Example, LedgerRow } from "../../contracts/example.ts";
import { runPaths } from "../../contracts/run-folder.ts";
import { sqlLiteral, streamRows } from "../../tables/duckdb.ts";
import { copiedId } from "./copy-detail.ts";
import { readDataManifest } from "./data-folder.ts";
import { exampleOf, type StoredExample } from "./example-columns.ts";
import { runLedger } from "./run-ledger.ts";

/** All that a run knows about one id. */
export interface Why {
  /** One for each input row with this id: a dropped row may have the id of another. */
  fates: LedgerRow[];
  /** The example as the data stage wrote it; null when it was dropped. */
  example: Example | null;
  /** The example it was dropped as a copy of, if that was the reason. */
  copied: Example | null;
  /** Similar ids, the most similar first, when no row has this one. */
  nearest: string[];
}

const nearestCount = 5;

/**
 * What became of `id` in the ledger of the run in `runDir`. Throws DataError when the data stage has not been
 * run there.
 */
export async function whyOf(runDir: string, id: string): Promise<Why> {
  const ledger = await runLedger(runDir);
  const fates: LedgerRow[] = [];
  const sql = `SELECT * FROM read_parquet(${sqlLiteral(ledger)}) WHERE id = ${sqlLiteral(id)}`;
  for await (const row of streamRows<LedgerRow>(sql)) fates.push(row);
  const other = fates.map((row) => copiedId(row.detail)).find((found) => found !== null);
  return {
    fates,
    example: fates.length > 0 ? await findExample(runDir, id) : null,
    copied: other === undefined ? null : await findExample(runDir, other),
    nearest: fates.length > 0 ? [] : await nearestIds(ledger, id),
  };
}

async function findExample(runDir: string, id: string): Promise<Example | null> {
  const dataDir = runPaths(runDir).data;
  for (const { file } of readDataManifest(dataDir).datasets) {
    const sql = `SELECT * FROM read_parquet(${sqlLiteral(join(dataDir, file))}) WHERE id = ${sqlLiteral(id)}`;
    for await (const row of streamRows<StoredExample>(sql)) return exampleOf(row);
  }
  return null;
}

/** Ids that contain the one asked for come first, then by edit distance. */
async function nearestIds(ledger: string, id: string): Promise<string[]> {
  const asked = sqlLiteral(id);
  const sql =
    `SELECT DISTINCT id, contains(id, ${asked}) AS holds, levenshtein(id, ${asked}) AS distance ` +
    `FROM read_parquet(${sqlLiteral(ledger)}) ORDER BY holds DESC, distance, id LIMIT ${nearestCount}`;
  const found: string[] = [];
  for await (const row of streamRows(sql)) found.push(String(row.id));
  return found;
}
