/**
 * Why a row was dropped or changed: a short stable code for counting, and what was found (at most 200
 * characters).
 */
export interface Reason {
  reason: string;
  detail: string;
}

/** Where a row is, as the ledger says it: 1-based line of a text file, else 0-based row. */
export interface RowPlace {
  file: string;
  row: number;
}

/** Text for `detail`: one line, at most 200 characters, none of which steers a terminal. */
export function detail(text: string): string {
  const line = text
    .replace(/\s+/g, " ")
    .replace(/\p{Cc}/gu, "\ufffd")
    .trim();
  return line.length <= 200 ? line : `${line.slice(0, 199).toWellFormed()}…`;
}

/** Several changes of one row as one: the first one's reason, what was done in each. */
export function joinReasons(changes: readonly Reason[]): Reason | undefined {
  const [first] = changes;
  return first && { reason: first.reason, detail: detail(changes.map((c) => c.detail).join("; ")) };
}

/** A number with its noun: "1 row", "2 rows". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
