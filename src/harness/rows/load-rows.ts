import { readFile, stat } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import type { StopSignal } from "../../contracts/events.ts";
import { endingOf } from "../../datasets/files/byte-stream.ts";
import { listFiles } from "../../datasets/files/local-files.ts";
import { frontMatterOf } from "../../datasets/hub/card.ts";
import type { HubSettings } from "../../datasets/hub/settings.ts";
import { DataError, messageOf } from "../../errors.ts";
import { isList, type Value } from "../../jinja/values/values.ts";
import { suggestion } from "../../recipe/nearest.ts";
import type { Row, TaskConfig } from "../task-config.ts";
import { type CsvOptions, csvTable } from "./csv/csv-table.ts";
import { filesBySplit, localFiles } from "./data-files.ts";
import { filesOfSplit, openHubRows } from "./hub-rows.ts";
import { jsonTable } from "./json-table.ts";
import { parquetTable } from "./parquet-table.ts";
import { following } from "./shape.ts";
import type { Table } from "./table.ts";
import { textTable } from "./text-table.ts";

export interface RowOptions {
  /** Data files that are not beside the task's file are looked for here. */
  cwd?: string;
  /** Whether examples are shown, so that rows to draw them from are needed; else only the rows to ask are. */
  hasShots?: boolean;
  /** So many rows of the split that is asked about are held; the others are only counted. */
  limit?: number;
  stop?: StopSignal;
  hub?: HubSettings;
}

export interface LoadedRows {
  /** Throws DataError for a split that the data do not have, or that was not said to be needed. */
  rowsOf(split: string): Row[];
  /** How many rows a split has, those that are not held counted. */
  totalOf(split: string): number;
  /** The commit of a dataset of the Hub. */
  revision?: string;
}

/** Rows that are held take some hundred bytes a value beside their text. */
const maxValues = 4_000_000;

type Kind = "json" | "csv" | "parquet" | "text";
const kinds: readonly string[] = ["json", "csv", "parquet", "text"] satisfies readonly Kind[];

/** Keys of dataset_kwargs that name files, or that change nothing where all rows are read from files. */
const common = ["data_files", "data_dir", "revision", "streaming", "verification_mode", "features"];
const ofCsv = ["sep", "delimiter", "header", "names", "column_names"];

/**
 * The rows of a task's splits: of local files (`dataset_path` json, csv, parquet or text, or a folder), or of
 * a dataset of the Hub. Throws DataError that begins with the task's file.
 */
export async function loadRows(task: TaskConfig, options: RowOptions = {}): Promise<LoadedRows> {
  try {
    return await load(task, options);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new DataError(`${task.file}: ${task.task}: ${messageOf(error)}`, { cause: error });
  }
}

async function load(task: TaskConfig, options: RowOptions): Promise<LoadedRows> {
  const source = await openSource(task, options);
  const { asked, shown } = neededSplits(task, options.hasShots ?? true);
  const tables = new Map<string, { rows: Row[]; total: number }>();
  for (const split of new Set([asked, shown].filter((split) => split !== undefined))) {
    const { columns, total, rows } = await source.tableOf(split);
    const held: Row[] = [];
    // Examples are drawn from all rows, also where these are the rows that are asked about.
    const limit = (split === shown ? undefined : options.limit) ?? Number.POSITIVE_INFINITY;
    if (Math.min(limit, total) * columns.size > maxValues)
      throw new DataError(
        `${split}: expected at most ${maxValues} values in all rows that are held, got ${total} rows with ` +
          `${columns.size} columns. Ask fewer rows with --limit.`,
      );
    for await (const row of rows(limit, columns)) held.push(row);
    tables.set(split, { rows: held, total });
  }
  const at = (split: string) => {
    const found = tables.get(split);
    if (found) return found;
    throw new DataError(`${task.file}: ${task.task}: expected a split that was read, got ${split}`);
  };
  return {
    rowsOf: (split) => at(split).rows,
    totalOf: (split) => at(split).total,
    ...(source.revision === undefined ? {} : { revision: source.revision }),
  };
}

/** The rows that are asked, and those that examples come from as upstream chooses them. */
function neededSplits(
  task: TaskConfig,
  hasShots: boolean,
): { asked: string | undefined; shown: string | undefined } {
  const { training_split: training, validation_split: validation, test_split: test, fewshot_config } = task;
  const asked = test ?? validation;
  const shown =
    fewshot_config.split ?? (fewshot_config.samples ? undefined : (training ?? validation ?? test));
  return { asked, shown: hasShots ? shown : undefined };
}

interface Source {
  revision?: string;
  tableOf(split: string): Promise<Table>;
}

async function openSource(task: TaskConfig, options: RowOptions): Promise<Source> {
  const { dataset_path: path = "", dataset_kwargs: kwargs } = task;
  const kind = kinds.includes(path) ? (path as Kind) : undefined;
  checkKwargs(kwargs, kind);
  const bySplit = filesBySplit(kwargs.data_files);
  const folders = [dirname(task.file), options.cwd ?? process.cwd()].map((folder) =>
    typeof kwargs.data_dir === "string" ? join(folder, kwargs.data_dir) : folder,
  );
  if (kind !== undefined) {
    if (!bySplit) throw new DataError("dataset_kwargs.data_files: expected files to read, got nothing");
    return localSource(kind, bySplit, folders, kwargs);
  }
  const folder = await localFolder(path, task.file, options.cwd);
  if (folder !== undefined)
    return bySplit
      ? localSource(undefined, bySplit, [folder], kwargs)
      : folderSource(folder, task.dataset_name, kwargs);
  if (!/^[\w.-]{1,96}(\/[\w.-]{1,96})?$/.test(path))
    throw new DataError(
      `dataset_path: expected json, csv, parquet, text, a folder or a dataset of the Hub (owner/name), got ` +
        JSON.stringify(path.slice(0, 200)),
    );
  const hub = await openHubRows(
    {
      repo: path,
      revision: typeof kwargs.revision === "string" ? kwargs.revision : "main",
      ...(task.dataset_name === undefined ? {} : { config: task.dataset_name }),
      ...(bySplit ? { filesBySplit: bySplit } : {}),
    },
    options.stop ?? { stopped: false },
    ...(options.hub ? [options.hub] : []),
  );
  return {
    revision: hub.commit,
    tableOf: async (split) => await tableOf(await hub.filesOf(split), undefined, kwargs),
  };
}

/**
 * Columns of the first split say what those of the others are, as far as they agree: so `datasets` casts
 * them.
 */
function localSource(
  kind: Kind | undefined,
  bySplit: ReadonlyMap<string, string[]>,
  folders: readonly string[],
  kwargs: TaskConfig["dataset_kwargs"],
): Source {
  const tables = new Map<string, Promise<Table>>();
  const open = (split: string): Promise<Table> => {
    const known = tables.get(split);
    if (known) return known;
    const table = localFiles(bySplit.get(split)!, folders).then((files) => tableOf(files, kind, kwargs));
    tables.set(split, table);
    return table;
  };
  const [first] = bySplit.keys();
  return {
    async tableOf(split) {
      if (!bySplit.has(split)) throw missingSplit(split, [...bySplit.keys()]);
      const table = await open(split);
      if (split === first) return table;
      const { columns } = await open(first!);
      const both = new Map(columns);
      for (const [name, shape] of table.columns) both.set(name, following(both.get(name) ?? shape, shape));
      return { ...table, columns: both };
    },
  };
}

function missingSplit(split: string, known: readonly string[]): DataError {
  return new DataError(
    `expected a split that the data have (${known.join(", ")}), got ${split}; ${suggestion(split, known)}`,
  );
}

async function localFolder(path: string, file: string, cwd = process.cwd()): Promise<string | undefined> {
  for (const folder of [dirname(file), cwd]) {
    const at = isAbsolute(path) ? path : join(folder, path);
    const info = await stat(at).catch(() => undefined);
    if (info?.isDirectory()) return at;
  }
  if (path.startsWith(".") || isAbsolute(path))
    throw new DataError(`dataset_path: expected a folder that there is, got ${path}`);
  return undefined;
}

/** A folder with files for each split, as a dataset of the Hub has them. */
async function folderSource(
  folder: string,
  config: string | undefined,
  kwargs: TaskConfig["dataset_kwargs"],
): Promise<Source> {
  const files = await listFiles(folder);
  const readme = files.find(({ name }) => name === "README.md");
  const card = readme ? frontMatterOf(await readFile(readme.path, "utf8")) : undefined;
  const names = files.map(({ name }) => name);
  return {
    async tableOf(split) {
      const chosen = filesOfSplit(folder, names, card, {
        split,
        ...(config === undefined ? {} : { config }),
      });
      return await tableOf(
        chosen.map((name) => join(folder, name)),
        undefined,
        kwargs,
      );
    },
  };
}

async function tableOf(
  files: readonly string[],
  given: Kind | undefined,
  kwargs: TaskConfig["dataset_kwargs"],
): Promise<Table> {
  const kind = given ?? kindOf(files[0] ?? "");
  switch (kind) {
    case "parquet":
      return await parquetTable(files);
    case "csv":
      return await csvTable(files, csvOptions(kwargs, endingOf(files[0] ?? "") === ".tsv" ? "\t" : ","));
    case "text":
      return await textTable(files);
    case "json":
      return await jsonTable(files);
  }
}

function kindOf(file: string): Kind {
  const ending = endingOf(file);
  if (ending === ".parquet") return "parquet";
  if (ending === ".csv" || ending === ".tsv") return "csv";
  return ending === ".txt" ? "text" : "json";
}

function checkKwargs(kwargs: TaskConfig["dataset_kwargs"], kind: Kind | undefined): void {
  const known = kind === "json" || kind === "parquet" || kind === "text" ? common : [...common, ...ofCsv];
  for (const key of Object.keys(kwargs)) {
    if (!known.includes(key))
      throw new DataError(
        `dataset_kwargs: expected keys that are read here, got ${key}; ${suggestion(key, known)}`,
      );
  }
}

function csvOptions(kwargs: TaskConfig["dataset_kwargs"], usual: string): CsvOptions {
  const separator = kwargs.sep ?? kwargs.delimiter ?? usual;
  if (typeof separator !== "string" || separator.length !== 1)
    throw new DataError("dataset_kwargs.sep: expected one character, got another value");
  const names = namesOf(kwargs.names ?? kwargs.column_names);
  const { header } = kwargs;
  if (header !== undefined && header !== null && header !== 0 && header !== "infer")
    throw new DataError("dataset_kwargs.header: expected 0 or null, got another value");
  const isInferred = header === undefined || header === "infer";
  return {
    separator,
    hasHeader: header === 0 || (isInferred && names === undefined),
    ...(names ? { names } : {}),
  };
}

function namesOf(given: Value | undefined): string[] | undefined {
  if (given === undefined || given === null) return undefined;
  if (isList(given) && given.every((name) => typeof name === "string")) return [...given];
  throw new DataError("dataset_kwargs.column_names: expected a list of names, got another value");
}
