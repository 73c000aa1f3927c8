import { readDataManifest } from "../datasets/folder/data-folder.ts";
import { ledgerPath } from "../datasets/folder/run-ledger.ts";
import { DataError } from "../errors.ts";
import { sqlLiteral, streamRows } from "../tables/duckdb.ts";
import type { Ledger } from "./ledger/ledger.ts";

/**
 * The error of a mix without train examples, which says where they went: dropped by the data stage, held out,
 * or dropped by the mix.
 */
export async function nothingToTrainOn(dataDir: string, ledger: Ledger): Promise<DataError> {
  const expected = `${dataDir}: expected train examples, got`;
  const { datasets, totals } = readDataManifest(dataDir);
  if (totals.examples === 0) {
    const all = totals.read === 1 ? "its only row" : `all ${totals.read} rows`;
    const reasons = (await droppedInData(dataDir)).join("; ");
    return new DataError(`${expected} none: the data stage dropped ${all}. ${sentence(reasons)}`);
  }
  const held = (split: "validation" | "test") => datasets.reduce((sum, d) => sum + d.by_split[split], 0);
  if (held("validation") + held("test") === totals.examples) {
    const where = (["validation", "test"] as const).filter((split) => held(split) > 0);
    return new DataError(
      `${expected} none: all ${totals.examples} examples are held out (${where
        .map((split) => `${split} ${held(split)}`)
        .join(", ")}). The split goes by document, and few documents may all fall into one: set ` +
        "data.split to smaller shares, or 0.",
    );
  }
  const why = [...ledger.reasons()].map(([reason, { count, first }]) => {
    const found = first.detail === "" ? first.id : `${first.id}: ${first.detail}`;
    return `${count} ${reason}, first ${found}`;
  });
  return new DataError(
    `${expected} none that can be used. ${sentence(why.join("; "))} mix/ledger.parquet has them all.`,
  );
}

async function droppedInData(dataDir: string): Promise<string[]> {
  const sql =
    "SELECT reason, count(*)::INTEGER AS n, arg_min(id, file_row_number) AS id, arg_min(detail, file_row_number) " +
    `AS detail FROM read_parquet(${sqlLiteral(ledgerPath(dataDir))}, file_row_number = true) WHERE fate = ` +
    "'dropped' GROUP BY reason ORDER BY n DESC, reason LIMIT 5";
  const found: string[] = [];
  for await (const { reason, n, id, detail } of streamRows(sql))
    found.push(
      `${String(n)} ${String(reason)}, first ${[id, detail].filter((part) => part !== "").join(": ")}`,
    );
  return found;
}

/** With one full stop: what is told may end with its own. */
function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
