import { existsSync, readFileSync } from "node:fs";
import type { Example, Split, Task } from "../../contracts/example.ts";
import type { CurateSpec } from "../../contracts/recipe.ts";
import { dataPaths } from "../../contracts/run-folder.ts";
import { DataError } from "../../errors.ts";
import { joinInside } from "../../files.ts";
import { openDuckDB, sqlLiteral, streamRows } from "../../tables/duckdb.ts";
import type { BuiltCounts } from "../documents/built-counts.ts";
import type { DatasetCounts, TeacherUsage } from "./counts.ts";
import { exampleOf, type StoredExample } from "./example-columns.ts";

/** `data/manifest.json`: what the data stage made, in the order of the recipe. */
export interface DataManifest {
  version: 1;
  split: { validation: number; test: number };
  curate?: CurateSpec;
  datasets: DatasetManifest[];
  /** Sums over the datasets. */
  totals: { read: number; kept: number; changed: number; dropped: number; examples: number };
}

export interface DatasetManifest extends DatasetCounts {
  name: string;
  from: string;
  format: string;
  license: string;
  revision: string;
  templated: boolean;
  /** What was built of its documents. */
  built?: BuiltCounts;
  /** Who wrote the examples, and what that took. */
  teacher?: TeacherUsage["made"];
  /** Relative to the data folder. */
  file: string;
  sizeBytes: number;
  sha256: string;
}

export interface ExampleFilter {
  /** By name; all when left out. */
  datasets?: readonly string[] | undefined;
  split?: Split;
  task?: Task;
}

/** Reads `manifest.json` of a data folder. Throws DataError when the data stage has not been run there. */
export function readDataManifest(dataDir: string): DataManifest {
  const path = dataPaths(dataDir).manifest;
  if (!existsSync(path)) {
    throw new DataError(
      `${path}: expected the manifest of a data folder, got no such file. Run \`zebra data\` first.`,
    );
  }
  return JSON.parse(readFileSync(path, "utf8")) as DataManifest;
}

/**
 * Examples of a data folder: datasets in the order of the recipe, rows in the order they were written. One
 * chunk is in memory at a time. Throws DataError for a missing folder or an unknown dataset name.
 */
export async function* readExamples(dataDir: string, filter: ExampleFilter = {}): AsyncGenerator<Example> {
  const paths = filesOf(dataDir, filter);
  if (paths.length === 0) return;
  using connection = await openDuckDB();
  for (const path of paths) {
    const sql = `SELECT * FROM read_parquet(${sqlLiteral(path)}) ${whereOf(filter)}`;
    for await (const row of streamRows<StoredExample>(sql, connection)) yield exampleOf(row);
  }
}

/** The examples of one Parquet file. */
export async function* examplesIn(path: string): AsyncGenerator<Example> {
  for await (const row of streamRows<StoredExample>(`SELECT * FROM read_parquet(${sqlLiteral(path)})`))
    yield exampleOf(row);
}

/** How many examples `readExamples` would give. Reads no text. */
export async function countExamples(dataDir: string, filter: ExampleFilter = {}): Promise<number> {
  const files = filesOf(dataDir, filter).map(sqlLiteral).join(", ");
  if (files === "") return 0;
  const sql = `SELECT count(*)::INTEGER AS n FROM read_parquet([${files}]) ${whereOf(filter)}`;
  for await (const { n } of streamRows(sql)) return Number(n);
  return 0;
}

function filesOf(dataDir: string, { datasets: wanted }: ExampleFilter): string[] {
  const { datasets } = readDataManifest(dataDir);
  const names = datasets.map(({ name }) => name);
  for (const name of wanted ?? []) {
    if (!names.includes(name))
      throw new DataError(
        `${dataDir}: expected one of the datasets ${names.join(", ")}, got ${JSON.stringify(name)}`,
      );
  }
  const chosen = datasets.filter(({ name }) => wanted?.includes(name) ?? true);
  return chosen.map(({ file }) => joinInside(dataDir, file));
}

function whereOf({ split, task }: ExampleFilter): string {
  const conditions = [
    ...(split === undefined ? [] : [`split = ${sqlLiteral(split)}`]),
    ...(task === undefined ? [] : [`task = ${sqlLiteral(task)}`]),
  ];
  return conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
}
