import { existsSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../../errors.ts";
import { sha256OfFile } from "../../files.ts";
import { sqlLiteral, streamRows } from "../../tables/duckdb.ts";

/** In the Parquet metadata of a mix's ledger: of which data it is. */
export const dataKeyName = "zebratune.data";

/** Tells whether a data folder is still the one that a mix was made of. Throws DataError for one that is not whole. */
export async function dataKeyOf(dataDir: string): Promise<string> {
  const paths = [join(dataDir, "manifest.json"), ledgerPath(dataDir)];
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) {
    throw new DataError(
      `${missing}: expected a whole data folder, got no such file. Run \`zebra data\` first.`,
    );
  }
  return (await Promise.all(paths.map(sha256OfFile))).join(" ");
}

/** The ledger that the data stage, or a mix, left in its folder. */
export function ledgerPath(stageDir: string): string {
  return join(stageDir, "ledger.parquet");
}

/**
 * The ledger with the last known fate of every input row of a run: the mix's, which has all rows, else the data
 * stage's, as when the data are newer than the mix. Throws DataError when there are no data.
 */
export async function runLedger(runDir: string): Promise<string> {
  const dataDir = join(runDir, "data");
  const key = await dataKeyOf(dataDir);
  const mixed = ledgerPath(join(runDir, "mix"));
  if (!existsSync(mixed)) return ledgerPath(dataDir);
  const sql =
    `SELECT decode(value) AS value FROM parquet_kv_metadata(${sqlLiteral(mixed)}) ` +
    `WHERE decode(key) = ${sqlLiteral(dataKeyName)}`;
  for await (const { value } of streamRows(sql)) if (value === key) return mixed;
  return ledgerPath(dataDir);
}
