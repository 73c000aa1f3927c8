import { dataPaths } from "../../contracts/run-folder.ts";
import { readDataManifest } from "../../datasets/folder/data-folder.ts";
import { DataError } from "../../errors.ts";
import { joinInside } from "../../files.ts";
import { sqlLiteral, streamRows } from "../../tables/duckdb.ts";

/**
 * Throws DataError when examples of one document are in two splits, in any datasets: held-out loss and
 * benchmarks would then be measured on texts of the training. Reads ids only.
 */
export async function checkSplits(dataDir: string): Promise<void> {
  const files = readDataManifest(dataDir).datasets.map(({ file }) => sqlLiteral(joinInside(dataDir, file)));
  if (files.length === 0) return;
  const sql =
    `SELECT source.document AS document, min(split) AS one, max(split) AS other, min(id) AS id ` +
    `FROM read_parquet([${files.join(", ")}]) GROUP BY ALL HAVING min(split) <> max(split) ORDER BY ` +
    "document LIMIT 1";
  for await (const { document, one, other, id } of streamRows(sql)) {
    throw new DataError(
      `${dataPaths(dataDir).manifest}: expected each document in one split, got ${document} (of ${id}) in ` +
        `${one} and in ${other}. Make the data again: zebra data.`,
    );
  }
}
