import { ledgerColumns, ledgerRow } from "../datasets/columns.ts";
import type { LedgerRow } from "../datasets/example.ts";
import { createTable } from "../datasets/table.ts";
import type { RunEvent } from "../run/events.ts";

/** Writes one Parquet row for each ledger row, in order. `folder` takes the temporary file. */
export async function writeLedger(folder: string, path: string, rows: readonly LedgerRow[]): Promise<void> {
  await using table = await createTable(folder, ledgerColumns);
  for (const row of rows) await table.append(ledgerRow(row), 200 + row.detail.length);
  await table.writeParquet(path);
}

type LedgerEvent = Extract<RunEvent, { type: "ledger" }>;

/** One `ledger` event a dataset. */
export function ledgerEvents(rows: readonly LedgerRow[]): LedgerEvent[] {
  const events = new Map<string, LedgerEvent>();
  for (const { dataset, fate, reason } of rows) {
    const event = events.get(dataset) ?? {
      type: "ledger",
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
