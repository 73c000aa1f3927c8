import { createHash } from "node:crypto";
import { ConfigError } from "../../errors.ts";
import type { Row } from "../task-config.ts";
import { reprOf } from "./fields.ts";

/** Which rows of a split are asked about; all where nothing is said. At most one is given. */
export interface RowChoice {
  /** The first so many as upstream's `--limit`: from 1 a number of rows, below 1 a share, rounded up. */
  limit?: number | undefined;
  /** So many, chosen by the hash of what is in them: a part of a sorted split that is like the whole. */
  sample?: number | undefined;
  /** Places of rows in the split. */
  docIds?: readonly number[] | undefined;
}

export interface ChosenRow {
  /** Place of the row in its split. */
  docId: number;
  row: Row;
}

/**
 * The rows that are asked about, in the order of the split. Throws ConfigError for places that are not there.
 */
export function chooseRows(rows: readonly Row[], { limit, sample, docIds }: RowChoice): ChosenRow[] {
  const all = rows.map((row, docId) => ({ docId, row }));
  if (docIds !== undefined) {
    const outside = docIds.find((id) => !(Number.isInteger(id) && id >= 0 && id < rows.length));
    if (outside !== undefined)
      throw new ConfigError("samples", [
        `samples: expected places of rows from 0 to ${rows.length - 1}, got ${outside}`,
      ]);
    const wanted = new Set(docIds);
    return all.filter(({ docId }) => wanted.has(docId));
  }
  if (limit !== undefined)
    return all.slice(0, limit < 1 ? Math.ceil(rows.length * limit) : Math.floor(limit));
  if (sample === undefined || sample >= rows.length) return all;
  const position = all.map(({ row, docId }) => ({ docId, hash: hashOf(row) }));
  // Copies of a row stay in their order.
  position.sort((a, b) => (a.hash === b.hash ? a.docId - b.docId : a.hash < b.hash ? -1 : 1));
  const chosen = new Set(position.slice(0, sample).map(({ docId }) => docId));
  return all.filter(({ docId }) => chosen.has(docId));
}

/** sha256 (hex) of what is in a row: its id wherever the file is and whatever stands before it. */
export function hashOf(row: Row): string {
  return createHash("sha256").update(reprOf(row)).digest("hex");
}
