import { ledgerColumns, ledgerRow } from "../datasets/columns.ts";
import type { LedgerRow } from "../datasets/example.ts";
import { createTable } from "../datasets/table.ts";
import type { RunEvent } from "../run/events.ts";

type LedgerEvent = Extract<RunEvent, { type: "ledger" }>;

/** The mix's ledger as it grows: rows go to a table on disk, counts and the first row of each reason stay. */
export interface Ledger extends AsyncDisposable {
  add(rows: readonly LedgerRow[]): void;
  readonly rows: number;
  /** One a dataset. */
  events(): LedgerEvent[];
  /** Rows of each reason and the first of them. */
  reasons(): ReadonlyMap<string, { count: number; first: LedgerRow }>;
  /** One Parquet row for each row added, in order. */
  write(path: string): Promise<void>;
}

/** `folder` takes the temporary file. */
export async function createLedger(folder: string): Promise<Ledger> {
  const table = await createTable(folder, ledgerColumns);
  const events = new Map<string, LedgerEvent>();
  const reasons = new Map<string, { count: number; first: LedgerRow }>();
  const count = (row: LedgerRow): void => {
    const { dataset, fate, reason } = row;
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
    if (reason === "") return;
    event.reasons[reason] = (event.reasons[reason] ?? 0) + 1;
    const known = reasons.get(reason);
    if (known) known.count++;
    else reasons.set(reason, { count: 1, first: row });
  };
  return {
    get rows() {
      return table.rows;
    },
    add(rows) {
      for (const row of rows) {
        table.append(ledgerRow(row), 200 + row.detail.length);
        count(row);
      }
    },
    events: () => [...events.values()],
    reasons: () => reasons,
    write: (path) => table.writeParquet(path),
    [Symbol.asyncDispose]: () => table[Symbol.asyncDispose](),
  };
}
