import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { JsonObject } from "../../datasets/files/json-rows.ts";
import { listFiles } from "../../datasets/files/local-files.ts";
import { readRows } from "../../datasets/files/read-rows.ts";
import { unzipTo, zipEntries } from "../../datasets/files/zip/zip.ts";
import { downloadFile, type HubFile } from "../../datasets/hub/download.ts";
import { openSnapshot } from "../../datasets/hub/repo.ts";
import { type HubSettings, hubSettings } from "../../datasets/hub/settings.ts";
import { DataError } from "../../errors.ts";
import type { BenchmarkSource } from "../benchmark.ts";

/** Data of a benchmark: a folder, a file, a zip archive, or a dataset of the Hub. */
export interface RowsSource {
  /** Names of the files with rows that there are, without ending: `qasper`, `qasper_e`. */
  names: readonly string[];
  /** The rows of one of them, in its order. Throws DataError for a row that cannot be read. */
  rows(name: string): AsyncGenerator<JsonObject>;
  /** The commit of a dataset of the Hub. */
  revision?: string;
}

/** For the results: the commit of LongBench whose scripts these are, and its data. */
export function longbenchSource(data: string, { revision }: RowsSource): BenchmarkSource {
  return { follows: "LongBench 2e00731", data, ...(revision !== undefined && { revision }) };
}

const endings = /\.(jsonl|json|parquet)$/;
const never = { stopped: false };

/**
 * `data` is a path if there is one, else `owner/name` of the Hub, whose files are fetched as they are asked
 * for. Throws DataError where there is nothing.
 */
export async function openRows(
  data: string,
  revision: string,
  settings: HubSettings = hubSettings(),
): Promise<RowsSource> {
  const info = await stat(data).catch(() => undefined);
  if (info !== undefined) return await localSource(data);
  if (!/^[\w.-]+\/[\w.-]+$/.test(data) || data.startsWith("."))
    throw new DataError(`${data}: expected a file, a folder or a dataset of the Hub, got none of them`);
  const snapshot = await openSnapshot(data, revision, settings, never);
  const fetch = async (file: HubFile): Promise<string> =>
    settings.offline
      ? snapshot.cache.snapshotPath(snapshot.commit, file.path)
      : await downloadFile(file, { ...snapshot, settings, stop: never, progress: () => {} });
  const zip = snapshot.files.find(({ path }) => path === "data.zip");
  if (zip) return { ...(await zipSource(await fetch(zip))), revision: snapshot.commit };
  const byName = filesByName(snapshot.files, ({ path }) => path);
  return {
    names: [...byName.keys()],
    revision: snapshot.commit,
    async *rows(name) {
      yield* fileRows(await fetch(fileOf(byName, name, `hub ${data}`)));
    },
  };
}

async function localSource(path: string): Promise<RowsSource> {
  const files = await listFiles(path);
  const zip = files.find(({ name }) => name.endsWith(".zip"));
  const byName = filesByName(files, ({ name }) => name);
  if (byName.size === 0 && zip) return await zipSource(zip.path);
  return {
    names: [...byName.keys()],
    async *rows(name) {
      yield* fileRows(fileOf(byName, name, path).path);
    },
  };
}

/** Files of an archive are put into a folder of their own while they are read. */
async function zipSource(path: string): Promise<RowsSource> {
  const entries = await zipEntries(path);
  const byName = filesByName(entries, ({ name }) => name);
  return {
    names: [...byName.keys()],
    async *rows(name) {
      const entry = fileOf(byName, name, path);
      const folder = await mkdtemp(join(tmpdir(), "zebra-unzipped-"));
      try {
        const to = join(folder, basename(entry.name));
        await unzipTo(path, entry, to);
        yield* fileRows(to);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  };
}

/**
 * Files with rows by their names: those of the folder itself, else of `data` in it, else of all folders
 * below. Other files, such as results of earlier runs, may have the same names.
 */
function filesByName<T>(files: readonly T[], pathOf: (file: T) => string): ReadonlyMap<string, T[]> {
  const withRows = files.filter((file) => endings.test(pathOf(file)));
  const near = [/^[^/]+$/, /^data\/[^/]+$/].map((place) =>
    withRows.filter((file) => place.test(pathOf(file))),
  );
  const chosen = near.find((some) => some.length > 0) ?? withRows;
  return Map.groupBy(chosen, (file) => basename(pathOf(file)).replace(endings, ""));
}

function fileOf<T>(byName: ReadonlyMap<string, T[]>, name: string, where: string): T {
  const [file, ...others] = byName.get(name) ?? [];
  if (file !== undefined && others.length === 0) return file;
  if (file !== undefined)
    throw new DataError(`${where}: expected one file named ${name}, got ${others.length + 1} of them`);
  const known = [...byName.keys()].join(", ") || "no such file";
  throw new DataError(`${where}: expected ${name}.jsonl, got ${known}`);
}

async function* fileRows(path: string): AsyncGenerator<JsonObject> {
  for await (const row of readRows(path, basename(path))) {
    if ("dropped" in row)
      throw new DataError(`${path}:${row.place.row}: expected a row, got one with ${row.dropped.detail}`);
    yield row.value;
  }
}
