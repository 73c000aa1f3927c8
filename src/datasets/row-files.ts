import { DataError } from "../errors.ts";
import { endingOf } from "./byte-stream.ts";
import { readCsv } from "./csv-rows.ts";
import { type JsonRow, readJson, readJsonLines } from "./json-rows.ts";
import { readParquet } from "./parquet-rows.ts";

type Reader = (path: string, file: string) => AsyncGenerator<JsonRow>;

/** How rows of a file are read, by its ending; the text forms may have `.gz` or `.zst` behind it. */
const readers: Readonly<Record<string, Reader>> = {
  ".jsonl": readJsonLines,
  ".ndjson": readJsonLines,
  ".json": readJson,
  ".csv": (path, file) => readCsv(path, file, ","),
  ".tsv": (path, file) => readCsv(path, file, "\t"),
  ".parquet": readParquet,
};

export const rowEndings: readonly string[] = Object.keys(readers);

/**
 * Rows of a file in its order, `file` being its name in the ledger; a name without a known ending is read as JSON
 * Lines. One row is held at a time. Throws DataError, with the last row read, for a file that cannot be
 * read as a whole.
 */
export async function* readRows(path: string, file: string): AsyncGenerator<JsonRow> {
  const reader = readers[endingOf(path)] ?? readJsonLines;
  let last: number | undefined;
  try {
    for await (const row of reader(path, file)) {
      last = row.place.row;
      yield row;
    }
  } catch (error) {
    if (!(error instanceof DataError) || last === undefined) throw error;
    throw new DataError(`${error.message} The last row that could be read is ${file}:${last}.`, {
      cause: error,
    });
  }
}
