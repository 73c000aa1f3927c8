import { readFile } from "node:fs/promises";
import type { StopSignal } from "../../contracts/events.ts";
import type { Task } from "../../contracts/example.ts";
import { DataError } from "../../errors.ts";
import type { JsonObject } from "../files/json-rows.ts";
import type { LocalFile } from "../files/local-files.ts";
import { frontMatterOf } from "../hub/card.ts";
import { chooseFiles, type FileChoice } from "../hub/choose-files.ts";
import { downloadFile, type HubFile } from "../hub/download.ts";
import { type HubSnapshot, openSnapshot } from "../hub/repo.ts";
import { type HubSettings, hubSettings } from "../hub/settings.ts";
import type { Dropped, Turns } from "../rows/conversation.ts";
import { detectFormat } from "../rows/detect-format.ts";
import { documentIds } from "../rows/document-id.ts";
import { type FormatName, formatCatalog as formats } from "../rows/formats/index.ts";
import { formNamed, formsByRow } from "../rows/row-forms.ts";
import { type RowReading, rowItems } from "../rows/row-items.ts";
import type { DataSource } from "./source.ts";

/** A dataset of the Hub and how its rows become examples. */
export interface HubReading extends FileChoice {
  name: string;
  repo: string;
  revision: string;
  /** For manifest and card. */
  from: string;
  title: string;
  description: string;
  /** Without it, the card's licence. */
  license?: string;
  language?: string;
  task: Task;
  /** Turns of one role in a row become one; else they drop their row. */
  joinConsecutive?: boolean;
  /** How rows are read: by a function, by the named format, or by the format that the rows look like. */
  rows:
    | { format?: FormatName }
    | { convert(row: JsonObject): Turns | Dropped | readonly (Turns | Dropped)[]; keys?: readonly string[] };
}

/**
 * A Hub dataset as a source. The Hub is asked for the commit and its files now; they are downloaded with
 * `fetch`. Throws DataError for what the Hub does not have or does not give.
 */
export async function hubSource(
  reading: HubReading,
  warn: (message: string) => void,
  stop: StopSignal,
  settings: HubSettings = hubSettings(),
): Promise<DataSource> {
  const { repo, revision, rows, language } = reading;
  const snapshot = await openSnapshot(repo, revision, settings, stop);
  const get: FileGetter = (file, progress) =>
    settings.offline
      ? Promise.resolve(snapshot.cache.snapshotPath(snapshot.commit, file.path))
      : downloadFile(file, { ...snapshot, settings, stop, progress });
  const card = await readCard(snapshot, get);
  const wanted = wantedFiles(snapshot, card, reading, settings.offline);
  const local: LocalFile[] = [];
  const fetchAll = async (progress: (done: number) => void): Promise<void> => {
    let before = 0;
    for (const file of wanted.slice(local.length)) {
      const path = await get(file, (done) => progress(before + done));
      before += file.sizeBytes;
      local.push({ path, name: file.path, sizeBytes: file.sizeBytes });
    }
  };
  return {
    from: reading.from,
    title: reading.title,
    description: reading.description,
    license: reading.license ?? licenseOf(card),
    revision: snapshot.commit,
    templated: false,
    format: "convert" in rows ? "hub" : (rows.format ?? "hub"),
    ...(language === undefined ? {} : { language }),
    unit: "bytes",
    total: wanted.reduce((sum, file) => sum + file.sizeBytes, 0),
    fetch: fetchAll,
    async *items(progress) {
      await fetchAll(() => {});
      yield* rowItems(await rowReading(reading, local, warn), progress, warn);
    },
  };
}

/** Gives a file's path on this machine; `progress` is told bytes. */
type FileGetter = (file: HubFile, progress: (done: number) => void) => Promise<string>;

/** The files that are read, as the Hub lists them. */
function wantedFiles(
  { repo, files }: HubSnapshot,
  card: unknown,
  choice: FileChoice,
  isOffline: boolean,
): HubFile[] {
  const where = `hub ${repo}`;
  const names = files.map(({ path }) => path);
  const chosen = chooseFiles(where, names, card, choice);
  if (isOffline) needAllShards(where, chosen);
  return files.filter(({ path }) => chosen.includes(path));
}

/** How downloaded files are read: by the entry's or mapping's own function, else by formats. */
async function rowReading(
  { name, repo, rows, task, joinConsecutive = false }: HubReading,
  files: LocalFile[],
  warn: (message: string) => void,
): Promise<RowReading> {
  const reading = await formsOf(repo, rows, files);
  const documentOf = await documentIds({ name, files, formOf: reading.formOf }, warn);
  return { name, files, task, joinConsecutive, documentOf, ...reading };
}

async function formsOf(
  repo: string,
  rows: HubReading["rows"],
  files: LocalFile[],
): Promise<Pick<RowReading, "formOf" | "ownKeys">> {
  if ("convert" in rows) {
    const form = { name: "fields", ...rows };
    return { formOf: () => form, ownKeys: false };
  }
  const { name: usual, forms } = await detectFormat(`hub ${repo}`, files, rows.format);
  const format = formats[usual];
  if (format.kind !== "rows") throw new DataError(`hub ${repo}: expected files of rows, got ${usual}`);
  const form = formNamed(usual, format);
  return { formOf: forms ? formsByRow(usual) : () => form, ownKeys: true };
}

/** The front matter of the card; undefined where there is none. Throws DataError where it is not YAML. */
async function readCard(snapshot: HubSnapshot, get: FileGetter): Promise<unknown> {
  const file = snapshot.files.find(({ path }) => path === "README.md");
  if (file === undefined) return undefined;
  const text = await readFile(await get(file, () => {}), "utf8");
  try {
    return frontMatterOf(text);
  } catch (error) {
    throw new DataError(
      `hub ${snapshot.repo} README.md: expected YAML between its --- lines, got ` +
        `${(error as Error).message.split("\n")[0]}. Name the files with data_files of another ` +
        "revision.",
    );
  }
}

function licenseOf(card: unknown): string {
  const { license, license_name: name } = (card ?? {}) as { license?: unknown; license_name?: unknown };
  const ids = [license].flat().filter((id): id is string => typeof id === "string" && id !== "");
  if (ids.length === 0 || ids[0] === "unknown") return "unknown";
  if (ids[0] === "other") return typeof name === "string" ? `LicenseRef-${name}` : "unknown";
  return ids.join(" AND ");
}

/** Throws where a shard was never downloaded: offline, the list of files is only what the cache has. */
function needAllShards(where: string, names: readonly string[]): void {
  for (const name of names) {
    const [, before, total] = /^(.*-)\d{5}-of-(\d{5})/.exec(name) ?? [];
    if (before === undefined) continue;
    const have = names.filter((other) => other.startsWith(before) && other.includes(`-of-${total}`)).length;
    if (have === Number(total)) continue;
    throw new DataError(
      `${where}: expected ${Number(total)} files ${before}*, got ${have} in the cache. Unset ` +
        "HF_HUB_OFFLINE and run once with a network.",
    );
  }
}
