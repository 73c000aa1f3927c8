import { type Static, Type } from "@sinclair/typebox";
import type { JsonObject } from "../../datasets/files/json-rows.ts";
import { ConfigError, DataError } from "../../errors.ts";
import type { Mapping } from "../../schema.ts";
import { openRows } from "../longbench/rows.ts";

/** Options of benchmarks over the files of another project, one a task. */
export const rowOptions = (files: string) => ({
  data: Type.String({ description: `Its files: ${files}, in a folder or of the Hub.`, minLength: 1 }),
  revision: Type.String({ description: "Of a dataset of the Hub.", minLength: 1, default: "main" }),
  tasks: Type.Optional(
    Type.Array(Type.String(), {
      description: "Names of files without ending. Default: all that are known.",
      minItems: 1,
      uniqueItems: true,
    }),
  ),
});
export type RowOptions = Static<Mapping<ReturnType<typeof rowOptions>>>;

/** A row, the file that it is in, and where that is for messages. */
export interface TaskRow {
  file: string;
  at: number;
  where: string;
  row: JsonObject;
}

/**
 * The rows of the files that `isKnown` and that the recipe asks about. Throws ConfigError for others, and
 * where there are none.
 */
export async function* taskRows(
  name: string,
  { data, revision, tasks }: RowOptions,
  isKnown: (file: string) => boolean,
): AsyncGenerator<TaskRow> {
  const source = await openRows(data, revision);
  const known = source.names.filter(isKnown);
  const asked = tasks ?? known;
  const wrong = asked.find((file) => !known.includes(file));
  if (wrong !== undefined || asked.length === 0) {
    const got = wrong ?? `only ${source.names.slice(0, 10).join(", ") || "no such files"}`;
    throw new ConfigError(`${name}.options.tasks`, [
      `expected files that it knows${known.length > 0 ? ` (${known.join(", ")})` : ""} in ${data}, got ${got}`,
    ]);
  }
  for (const file of asked) {
    let at = 0;
    for await (const row of source.rows(file))
      yield { file, at: ++at, where: `${name}: ${file} row ${at}`, row };
  }
}

/** A text of a row. Throws DataError where it is none. */
export function textAt({ row, where }: TaskRow, key: string): string {
  const value = row[key];
  if (typeof value === "string") return value;
  throw new DataError(`${where}: expected ${key} as a text, got ${JSON.stringify(value) ?? "none"}`);
}

/** Texts of a row: a list, or one text. */
export function textsAt(given: TaskRow, key: string): string[] {
  const value = given.row[key];
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string")) return value;
  return [textAt(given, key)];
}
