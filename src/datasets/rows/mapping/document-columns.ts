import type { JsonObject } from "../../files/json-rows.ts";

/** Columns that by their names may say which document a row is about. */
const names =
  /^(docs?|documents?|doc(ument)?_?(id|name|title|key|uid)|titles?|urls?|uri|link|(file|path)(_?(name|path))?|source|(article|book|story|paper|page|passage|context|chapter)_?(id|title|name)?)$/i;
const mostValues = 10_000;
/** Fewer rows, or fewer rows a value, need not be on a few documents. */
const leastRows = 10;
const leastRowsAValue = 3;

/** Finds a column that tells the documents of rows which are told apart by something else. */
export interface DocumentColumns {
  /** Takes a row that is kept, its columns that nothing reads, and the document it is taken to be on. */
  add(row: JsonObject, unread: readonly string[], document: string): void;
  /** The column that tells most documents apart; null where there is none. */
  found(): { column: string; values: number; rows: number } | null;
}

/** Watches the rows of a dataset. */
export function watchDocumentColumns(): DocumentColumns {
  const columns = new Map<string, { rows: number; values: Set<string> }>();
  const documents = new Set<string>();
  let rows = 0;
  return {
    add(row, unread, document) {
      rows++;
      if (documents.size <= mostValues) documents.add(document);
      for (const column of unread) {
        const value = row[column];
        if (!names.test(column) || (typeof value !== "string" && typeof value !== "number")) continue;
        const seen = columns.get(column) ?? { rows: 0, values: new Set<string>() };
        columns.set(column, seen);
        seen.rows++;
        if (seen.values.size <= mostValues) seen.values.add(String(value).slice(0, 200));
      }
    },
    found() {
      const those = [...columns]
        .map(([column, seen]) => ({ column, rows, values: seen.values.size, isInAll: seen.rows === rows }))
        .filter(({ values, isInAll }) => isInAll && values > 1 && values <= mostValues)
        .filter(
          ({ values }) => rows >= leastRows && rows >= leastRowsAValue * values && documents.size > values,
        )
        .sort((a, b) => b.values - a.values);
      const [best] = those;
      return best === undefined ? null : { column: best.column, values: best.values, rows };
    },
  };
}
