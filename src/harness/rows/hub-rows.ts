import { readFile } from "node:fs/promises";
import type { StopSignal } from "../../contracts/events.ts";
import { configsOf, folderOf, frontMatterOf, patternsBySplit } from "../../datasets/hub/card.ts";
import { chooseFiles, type FileChoice } from "../../datasets/hub/choose-files.ts";
import { downloadFile, type HubFile } from "../../datasets/hub/download.ts";
import { type HubSnapshot, openSnapshot } from "../../datasets/hub/repo.ts";
import { type HubSettings, hubSettings } from "../../datasets/hub/settings.ts";
import { DataError } from "../../errors.ts";

/** Where the Hub keeps what it made itself of a dataset whose own files are a Python script's. */
const converted = "refs/convert/parquet";

/** A dataset of the Hub at one commit, of which splits are fetched as they are asked for. */
export interface HubRows {
  commit: string;
  /** Paths on this machine. Throws DataError that names the splits there are. */
  filesOf(split: string): Promise<string[]>;
}

export interface HubWanted extends Omit<FileChoice, "split"> {
  repo: string;
  revision: string;
  filesBySplit?: ReadonlyMap<string, string[]>;
}

/** No code of the dataset runs: one that is a script is read as the Parquet files that the Hub made of it. */
export async function openHubRows(
  wanted: HubWanted,
  stop: StopSignal,
  settings: HubSettings = hubSettings(),
): Promise<HubRows> {
  const open = async (revision: string) => {
    const snapshot = await openSnapshot(wanted.repo, revision, settings, stop);
    return { snapshot, card: await readCard(snapshot, settings, stop) };
  };
  const main = await open(wanted.revision);
  let fallback: Promise<Awaited<ReturnType<typeof open>>> | undefined;
  const fetch = (snapshot: HubSnapshot, names: readonly string[]) =>
    fetchAll(
      snapshot,
      snapshot.files.filter(({ path }) => names.includes(path)),
      settings,
      stop,
    );
  return {
    commit: main.snapshot.commit,
    async filesOf(split) {
      const { snapshot, card } = main;
      const names = snapshot.files.map(({ path }) => path);
      const data_files = wanted.filesBySplit?.get(split);
      if (wanted.filesBySplit && !data_files)
        throw noSplit(wanted.repo, split, [...wanted.filesBySplit.keys()]);
      const choice = { ...wanted, split, ...(data_files ? { data_files } : {}) };
      try {
        return await fetch(snapshot, filesOfSplit(`hub ${wanted.repo}`, names, card, choice));
      } catch (error) {
        const hasScript = names.some((name) => name.endsWith(".py"));
        if (!(error instanceof DataError) || !hasScript || wanted.filesBySplit) throw error;
        fallback ??= open(converted);
        const other = await fallback.catch(() => {
          throw error;
        });
        const paths = other.snapshot.files.map(({ path }) => path);
        return await fetch(other.snapshot, convertedFiles(wanted, split, paths));
      }
    },
  };
}

/**
 * The files of a split. Cards may give splits any name; of files' own names the Hub's `datasets` knows the
 * three usual ones, and the others (`dev`) are looked for where those give none.
 */
export function filesOfSplit(
  where: string,
  names: readonly string[],
  card: unknown,
  choice: FileChoice,
): string[] {
  try {
    return chooseFiles(where, names, card, choice);
  } catch (error) {
    const config = configsOf(card).find(({ config_name }) => config_name === choice.config);
    const inside = config ? folderOf(config) : "";
    const isCarded = config !== undefined && patternsBySplit(config.data_files) !== null;
    const word = `${choice.split}`;
    const own = names.filter(
      (name) =>
        (inside === "" || name.startsWith(`${inside}/`)) &&
        (choice.config === undefined || config !== undefined || name.split("/").includes(choice.config)) &&
        /\.(parquet|jsonl?|csv|tsv)(\.gz|\.zst)?$/.test(name) &&
        name.split(/[/.]/).some((part) => part === word || part.startsWith(`${word}-0`)),
    );
    if (isCarded || own.length === 0) throw error;
    return own;
  }
}

/** `config/split/0000.parquet`. */
function convertedFiles(
  { repo, config = "default" }: HubWanted,
  split: string,
  paths: readonly string[],
): string[] {
  const inConfig = paths.filter((path) => path.startsWith(`${config}/`));
  const found = inConfig.filter(
    (path) => path.split("/")[1] === split || path.split("/")[1] === `partial-${split}`,
  );
  if (found.length > 0) return found;
  const configs = new Set(paths.map((path) => path.split("/")[0]!).filter((name) => !name.includes(".")));
  if (inConfig.length === 0)
    throw new DataError(
      `hub ${repo}: dataset_name: expected one of ${[...configs].slice(0, 20).join(", ")}, got ${config}`,
    );
  throw noSplit(repo, split, [...new Set(inConfig.map((path) => path.split("/")[1]!))]);
}

function noSplit(repo: string, split: string, known: readonly string[]): DataError {
  return new DataError(`hub ${repo}: expected a split of ${known.join(", ")}, got ${split}`);
}

async function fetchAll(
  snapshot: HubSnapshot,
  files: readonly HubFile[],
  settings: HubSettings,
  stop: StopSignal,
): Promise<string[]> {
  const paths: string[] = [];
  for (const file of files) {
    paths.push(
      settings.offline
        ? snapshot.cache.snapshotPath(snapshot.commit, file.path)
        : await downloadFile(file, { ...snapshot, settings, stop, progress: () => {} }),
    );
  }
  return paths;
}

async function readCard(snapshot: HubSnapshot, settings: HubSettings, stop: StopSignal): Promise<unknown> {
  const card = snapshot.files.filter(({ path }) => path === "README.md");
  const [path] = await fetchAll(snapshot, card, settings, stop);
  if (path === undefined) return undefined;
  try {
    return frontMatterOf(await readFile(path, "utf8"));
  } catch {
    return undefined; // The files' names say enough for most.
  }
}
