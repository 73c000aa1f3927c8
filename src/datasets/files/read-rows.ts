import { DataError } from "../../errors.ts";
import { detail, type Reason } from "../reason.ts";
import { CutShortError, endingOf } from "./byte-stream.ts";
import type { OnTrailing } from "./compressed.ts";
import { readCsv } from "./csv-rows.ts";
import { type JsonRow, readJson, readJsonLines } from "./json-rows.ts";
import { readParquet } from "./parquet-rows.ts";

type Reader = (path: string, file: string, onTrailing: OnTrailing) => AsyncGenerator<JsonRow>;

/** How rows of a file are read, by its ending; for text, `.gz` or `.zst` may follow. */
const readers: Readonly<Record<string, Reader>> = {
  ".jsonl": readJsonLines,
  ".ndjson": readJsonLines,
  ".json": readJson,
  ".csv": (path, file, onTrailing) => readCsv(path, file, ",", onTrailing),
  ".tsv": (path, file, onTrailing) => readCsv(path, file, "\t", onTrailing),
  ".parquet": readParquet,
};

export const rowEndings: readonly string[] = Object.keys(readers);

/**
 * Rows of a file in its order; `file` is its name in the ledger. A file without a known ending is read as
 * JSON Lines. One row is in memory at a time. Where an archive is cut short, or has other bytes after it, its
 * rows are read and one more is dropped for what is missing or too much. Throws DataError, naming the last
 * row read, for a file that cannot be read to its end.
 */
export async function* readRows(path: string, file: string): AsyncGenerator<JsonRow> {
  const reader = readers[endingOf(path)] ?? readJsonLines;
  let last: JsonRow | undefined;
  let trailing: Reason | undefined;
  const next = (dropped: Reason): JsonRow => {
    const { place, index, endByte } = last ?? { place: { row: -1 }, index: -1, endByte: 0 };
    return { place: { file, row: place.row + 1 }, index: index + 1, endByte, dropped };
  };
  try {
    const onTrailing = (atByte: number) => {
      const found = `behind the archive, from byte ${atByte} of the file on, stand bytes that are none`;
      trailing = { reason: "trailing_bytes", detail: found };
    };
    for await (const row of reader(path, file, onTrailing)) {
      last = row;
      yield row;
    }
  } catch (error) {
    if (error instanceof CutShortError) {
      yield next({ reason: "cut_short", detail: detail(error.message.replace(`${path}: `, "")) });
      return;
    }
    if (!(error instanceof DataError) || last === undefined) throw error;
    throw new DataError(`${error.message} The last row that could be read is ${file}:${last.place.row}.`, {
      cause: error,
    });
  }
  if (trailing) yield next(trailing);
}
