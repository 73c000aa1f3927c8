import { dataPaths } from "../contracts/run-folder.ts";
import { countExamples } from "../datasets/folder/data-folder.ts";
import { DataError } from "../errors.ts";
import { sqlLiteral, streamRows } from "../tables/duckdb.ts";
import type { Ledger } from "./ledger/ledger.ts";

const shownReasons = 5;

/**
 * The error of a mix without train examples, which says where they went: dropped by the data stage, held out,
 * or dropped by the mix.
 */
export async function nothingToTrainOn(dataDir: string, ledger: Ledger): Promise<DataError> {
  const expected = `${dataDir}: expected train examples, got`;
  const total = await countExamples(dataDir);
  if (total === 0) {
    const { rows, reasons } = await droppedInData(dataDir);
    const all = rows === 1 ? "its only row" : `all ${rows} rows`;
    return new DataError(`${expected} none: the data stage dropped ${all}. ${sentence(reasons)}`);
  }
  const held: string[] = [];
  let heldExamples = 0;
  for (const split of ["validation", "test"] as const) {
    const examples = await countExamples(dataDir, { split });
    heldExamples += examples;
    if (examples > 0) held.push(`${split} ${examples}`);
  }
  if (heldExamples === total) {
    return new DataError(
      `${expected} none: all ${total} examples are held out (${held.join(", ")}). The split goes by document, ` +
        "and few documents may all fall into one: set data.split to smaller shares, or 0. Test data of your own is " +
        "a dataset beside those to train on: `- path: train.jsonl` and `- { path: test.jsonl, split: test }`.",
    );
  }
  const why = [...ledger.reasons()].map(([reason, { count, first }]) => {
    const found = first.detail === "" ? first.id : `${first.id}: ${first.detail}`;
    return `${count} ${reason}, first ${found}`;
  });
  return new DataError(
    `${expected} none that can be used. ${sentence(why)} mix/ledger.parquet has them all.`,
  );
}

/** How many rows the data stage read, all of them dropped, and why. */
async function droppedInData(dataDir: string): Promise<{ rows: number; reasons: string[] }> {
  const sql =
    "SELECT reason, count(*)::INTEGER AS n, arg_min(id, file_row_number) AS id, arg_min(detail, file_row_number) " +
    `AS detail FROM read_parquet(${sqlLiteral(dataPaths(dataDir).ledger)}, file_row_number = true) ` +
    "GROUP BY reason ORDER BY n DESC, reason";
  let rows = 0;
  const reasons: string[] = [];
  for await (const { reason, n, id, detail } of streamRows(sql)) {
    rows += Number(n);
    const first = [id, detail].filter((part) => part !== "").join(": ");
    if (reasons.length < shownReasons) reasons.push(`${String(n)} ${String(reason)}, first ${first}`);
  }
  return { rows, reasons };
}

/** Reasons as one sentence: some end with a full stop of their own. */
function sentence(reasons: readonly string[]): string {
  return `${reasons.map((reason) => reason.replace(/\.$/, "")).join("; ")}.`;
}
