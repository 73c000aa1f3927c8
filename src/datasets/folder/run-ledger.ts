import { existsSync } from "node:fs";
import { dataPaths, mixPaths, runPaths } from "../../contracts/run-folder.ts";
import { DataError } from "../../errors.ts";
import { sha256OfFile } from "../../files.ts";
import { sqlLiteral, streamRows } from "../../tables/duckdb.ts";

/** Key in the Parquet metadata of a mix's ledger; its value says which data the mix was made of. */
export const dataKeyName = "zebratune.data";

/**
 * A key of a data folder's contents, which changes when the data are made again. Throws DataError when it is
 * not whole.
 */
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
 * The ledger with the last known fate of every input row of a run: that of the mix, which has all rows, or
 * that of the data stage when there is no mix or the data are newer. Throws DataError when there are no data.
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
