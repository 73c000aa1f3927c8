import type { JsonObject } from "../../datasets/files/json-rows.ts";
import { DataError } from "../../errors.ts";
import { hashPosition } from "../held-out.ts";
import type { RowsSource } from "./rows.ts";

/** What of a row is needed once its prompt is made. */
export interface V1Row {
  id: string;
  dataset: string;
  answers: readonly string[];
  allClasses: readonly string[] | null;
  length: number;
}

/** A row with the texts that its prompt is made of, by their names. */
export interface V1Question extends V1Row {
  texts: ReadonlyMap<string, string>;
}

/** How many rows a dataset has, and what is asked of it. */
export interface ChosenRows {
  rows: number;
  /** Ids of the rows that are asked, with their lengths, in the order of the file. */
  asked: ReadonlyMap<string, number>;
  /** The classes of the last row that is asked: LongBench's eval.py takes them for all. */
  allClasses: readonly string[];
}

/**
 * Chooses up to `limit` rows of all datasets together, as many of each as the others where that goes, by the
 * hashes of their ids.
 */
export async function chooseV1Rows(
  source: RowsSource,
  datasets: readonly string[],
  fileOf: (dataset: string) => string,
  limit: number,
): Promise<Map<string, ChosenRows>> {
  const all = new Map<string, string[]>();
  const classes = new Map<string, readonly string[]>();
  const lengths = new Map<string, number>();
  for (const dataset of datasets) {
    const ids: string[] = [];
    for await (const { id, length, allClasses } of v1Questions(source, dataset, fileOf(dataset))) {
      ids.push(id);
      lengths.set(id, length);
      if (allClasses !== null) classes.set(id, allClasses);
    }
    if (ids.length === 0) throw new DataError(`longbench: ${dataset}: expected rows, got an empty file`);
    all.set(dataset, ids);
  }
  const sorted = [...all.values()].map((ids) =>
    ids
      .map((id) => ({ id, position: hashPosition(id) }))
      .toSorted((a, b) => (a.position < b.position ? -1 : 1))
      .map(({ id }) => id),
  );
  const most = Math.max(0, ...sorted.map((ids) => ids.length));
  const chosen = new Set<string>();
  for (let round = 0; round < most && chosen.size < limit; round++)
    for (const ids of sorted) if (ids[round] !== undefined && chosen.size < limit) chosen.add(ids[round]!);
  return new Map(
    [...all].map(([dataset, ids]) => {
      const kept = ids.filter((id) => chosen.has(id));
      const asked = new Map(kept.map((id) => [id, lengths.get(id)!]));
      return [dataset, { rows: ids.length, asked, allClasses: classes.get(kept.at(-1) ?? "") ?? [] }];
    }),
  );
}

/** The rows of a dataset in the order of its file. Throws DataError for a row that is not LongBench's. */
export async function* v1Questions(
  source: RowsSource,
  dataset: string,
  file: string,
): AsyncGenerator<V1Question> {
  const ids = new Set<string>();
  let at = 0;
  for await (const row of source.rows(file)) {
    at++;
    yield questionOf(row, dataset, `${file} row ${at}`, idOf(row, dataset, at, ids));
  }
}

function idOf({ _id }: JsonObject, dataset: string, at: number, ids: Set<string>): string {
  const named = `${dataset}/${typeof _id === "string" && _id !== "" ? _id : at}`;
  const id = ids.has(named) ? `${named}#${at}` : named;
  ids.add(id);
  return id;
}

function questionOf(row: JsonObject, dataset: string, where: string, id: string): V1Question {
  const refuse = (wanted: string, got: unknown): never => {
    throw new DataError(
      `longbench: ${where}: expected ${wanted}, got ${JSON.stringify(got)?.slice(0, 80) ?? "none"}`,
    );
  };
  const { answers, all_classes: classes = null, length } = row;
  if (!isTexts(answers)) return refuse("answers as a list of texts", answers);
  if (classes !== null && !isTexts(classes)) return refuse("all_classes as a list of texts or null", classes);
  if (typeof length !== "number") return refuse("length as a number", length);
  for (const name of ["context", "input"])
    if (typeof row[name] !== "string") refuse(`${name} as a text`, row[name]);
  const texts = Object.entries(row).flatMap(([name, value]) =>
    typeof value === "string" || Number.isInteger(value) ? [[name, String(value)] as const] : [],
  );
  return { id, dataset, answers, allClasses: classes, length, texts: new Map(texts) };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}
