import { INTEGER, VARCHAR } from "@duckdb/node-api";
import type { LedgerRow } from "../datasets/example.ts";
import { createTable } from "../datasets/table.ts";
import type { RunEvent } from "../run/events.ts";

const columns = {
  dataset: VARCHAR,
  file: VARCHAR,
  row: INTEGER,
  id: VARCHAR,
  fate: VARCHAR,
  stage: VARCHAR,
  reason: VARCHAR,
  detail: VARCHAR,
  tokens_before: INTEGER,
  tokens_after: INTEGER,
};

/** Writes one Parquet row for each ledger row, in order. */
export async function writeLedger(folder: string, path: string, rows: readonly LedgerRow[]): Promise<void> {
  await using table = await createTable(folder, columns);
  for (const row of rows) {
    const { dataset, file, id, fate, stage, reason, detail, tokens_before, tokens_after } = row;
    table.append([dataset, file, row.row, id, fate, stage, reason, detail, tokens_before, tokens_after], 200);
  }
  await table.writeParquet(path);
}

/** One `ledger` event a dataset. */
export function ledgerEvents(rows: readonly LedgerRow[]): Extract<RunEvent, { type: "ledger" }>[] {
  const events = new Map<string, Extract<RunEvent, { type: "ledger" }>>();
  for (const { dataset, fate, reason } of rows) {
    const event = events.get(dataset) ?? {
      type: "ledger" as const,
      dataset,
      kept: 0,
      dropped: 0,
      shortened: 0,
      changed: 0,
      reasons: {},
    };
    events.set(dataset, event);
    event[fate]++;
    if (reason) event.reasons[reason] = (event.reasons[reason] ?? 0) + 1;
  }
  return [...events.values()];
}
