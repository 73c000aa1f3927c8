import type { JsonObject } from "../../datasets/files/json-rows.ts";
import { DataError } from "../../errors.ts";
import { stripBlanks } from "../../jinja/functions/string-methods.ts";
import type { RowsSource } from "./rows.ts";

const textKeys = [
  "_id",
  "domain",
  "sub_domain",
  "difficulty",
  "length",
  "question",
  "choice_A",
  "choice_B",
  "choice_C",
  "choice_D",
  "answer",
  "context",
] as const;

/** A row of LongBench v2, with the keys that its prediction files have. */
export type V2Row = Readonly<Record<(typeof textKeys)[number], string>>;

/** The rows of all files, in their order. Throws DataError for a row that is not LongBench v2's. */
export async function* v2Rows(source: RowsSource): AsyncGenerator<V2Row> {
  const ids = new Set<string>();
  for (const name of source.names) {
    let at = 0;
    for await (const row of source.rows(name)) {
      const where = `longbench-v2: ${name} row ${++at}`;
      const found = rowOf(row, where);
      if (ids.has(found._id)) throw new DataError(`${where}: expected each _id once, got ${found._id} again`);
      ids.add(found._id);
      yield found;
    }
  }
}

function rowOf(row: JsonObject, where: string): V2Row {
  for (const key of textKeys)
    if (typeof row[key] !== "string")
      throw new DataError(`${where}: expected ${key} as a text, got ${JSON.stringify(row[key]) ?? "none"}`);
  const { answer } = row;
  if (!/^[A-D]$/.test(String(answer)))
    throw new DataError(`${where}: expected answer as A, B, C or D, got ${JSON.stringify(answer)}`);
  return Object.fromEntries(textKeys.map((key) => [key, row[key]])) as V2Row;
}

/**
 * Puts a row into one of its templates as pred.py does: one mark after the other, each wherever it stands by
 * then, in the document as well. `cot`: what the model thought.
 */
export function v2Prompt(template: string, row: V2Row, cot?: string): string {
  const marks: (readonly [mark: string, text: string])[] = [
    ["$DOC$", row.context],
    ["$Q$", row.question],
    ["$C_A$", row.choice_A],
    ["$C_B$", row.choice_B],
    ["$C_C$", row.choice_C],
    ["$C_D$", row.choice_D],
  ];
  const text = marks.reduce(
    (all, [mark, one]) => all.replaceAll(mark, () => stripBlanks(one, "both")),
    template,
  );
  return cot === undefined ? text : text.replaceAll("$COT$", () => cot);
}
