import type { LedgerRow } from "../../contracts/example.ts";
import { ledgerColumns, ledgerRow } from "../../datasets/folder/example-columns.ts";
import { createTableWriter } from "../../tables/part-writer.ts";
import { createTable } from "../../tables/table.ts";
import { type Undrawn, writeJoinedLedger } from "./joined-ledger.ts";

/**
 * The mix's ledger while it grows: rows go to a table on disk, counts and the first row of each reason stay
 * in memory.
 */
export interface Ledger extends AsyncDisposable {
  add(rows: readonly LedgerRow[]): Promise<void>;
  readonly rows: number;
  /** How many rows have each reason, and the first of them. */
  reasons(): ReadonlyMap<string, { count: number; first: LedgerRow }>;
  /** Writes the last fate of every row of the data, whether it was added here or not. */
  write(dataDir: string, undrawn: readonly Iterable<Undrawn>[]): Promise<void>;
}

/** An empty ledger for the mix in `mixDir`. */
export async function createLedger(mixDir: string): Promise<Ledger> {
  const writer = createTableWriter();
  const table = await createTable(mixDir, ledgerColumns, writer);
  const reasons = new Map<string, { count: number; first: LedgerRow }>();
  return {
    get rows() {
      return table.rows;
    },
    async add(rows) {
      for (const row of rows) {
        await table.append(ledgerRow(row), 200 + row.detail.length);
        if (row.reason === "") continue;
        const known = reasons.get(row.reason);
        if (known) known.count++;
        else reasons.set(row.reason, { count: 1, first: row });
      }
    },
    reasons: () => reasons,
    write: (dataDir, undrawn) => writeJoinedLedger(mixDir, { dataDir, own: table, undrawn, writer }),
    async [Symbol.asyncDispose]() {
      await table[Symbol.asyncDispose]();
      await writer[Symbol.asyncDispose]();
    },
  };
}
