import { existsSync } from "node:fs";
import { dataPaths, mixPaths, runPaths } from "../../contracts/run-folder.ts";
import { DataError } from "../../errors.ts";
import { sha256OfFile } from "../../files.ts";
import { sqlLiteral, streamRows } from "../../tables/duckdb.ts";

/** In the Parquet metadata of a mix's ledger: of which data it is. */
export const dataKeyName = "zebratune.data";

/** Tells whether a data folder is still the one that a mix was made of. Throws DataError for one that is not whole. */
export async function dataKeyOf(dataDir: string): Promise<string> {
  const { manifest, ledger } = dataPaths(dataDir);
  const paths = [manifest, ledger];
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) {
    throw new DataError(
      `${missing}: expected a whole data folder, got no such file. Run \`zebra data\` first.`,
    );
  }
  return (await Promise.all(paths.map(sha256OfFile))).join(" ");
}

/**
 * The ledger with the last known fate of every input row of a run: the mix's, which has all rows, else the data
 * stage's, as when the data are newer than the mix. Throws DataError when there are no data.
 */
export async function runLedger(runDir: string): Promise<string> {
  const { data, mix } = runPaths(runDir);
  const key = await dataKeyOf(data);
  const mixed = mixPaths(mix).ledger;
  if (!existsSync(mixed)) return dataPaths(data).ledger;
  const sql =
    `SELECT decode(value) AS value FROM parquet_kv_metadata(${sqlLiteral(mixed)}) ` +
    `WHERE decode(key) = ${sqlLiteral(dataKeyName)}`;
  for await (const { value } of streamRows(sql)) if (value === key) return mixed;
  return dataPaths(data).ledger;
}
