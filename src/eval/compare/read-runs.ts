import { basename } from "node:path";
import { evalPaths, runPaths } from "../../contracts/run-folder.ts";
import { DataError } from "../../errors.ts";
import type { Entry, ReadEntries, ResultSource } from "./entry.ts";
import { resultSources } from "./sources/index.ts";

/**
 * The models whose results are at these paths, in their order. Where all of them are runs that begin with the
 * same model, it is the first entry. Throws DataError for a path without results. `names` are for people;
 * default: the paths' own.
 */
export async function readRuns(
  paths: readonly string[],
  names: readonly string[] = distinctNames(paths),
): Promise<Entry[]> {
  const found = await readAll(paths, names);
  const entries = found.flatMap((one) => one.entries);
  const bases = found.flatMap(({ base }) => (base ? [base] : []));
  const hashOf = ({ own }: Entry): string => own!.results.models[0]!.sha256;
  const isShared = bases.length === found.length && new Set(bases.map(hashOf)).size === 1;
  return withOwnNames(isShared ? [bases[0]!, ...entries] : entries);
}

/**
 * Every model of these results, those that runs began with too: one with the same weights is there once, with
 * all that any of the runs asked it. Throws DataError as `readRuns` does.
 */
export async function readModels(paths: readonly string[]): Promise<Entry[]> {
  const names = distinctNames(paths);
  const models = new Map<string, Entry>();
  for (const [i, { entries, base, others = [] }] of (await readAll(paths, names)).entries()) {
    // The last checkpoint of a comparison is no more its own than the others are.
    const isComparison = basename(paths[i]!) === compareFolder;
    const ofRun = (entry: Entry, label: string) => ({ ...entry, name: `${label} of ${names[i]}` });
    const beside = [...(base ? [base] : []), ...others].map((entry) => ofRun(entry, entry.name));
    const ends = isComparison ? entries.map((entry) => ofRun(entry, entry.own!.label)) : entries;
    for (const entry of [...ends, ...beside]) {
      const key = entry.own?.results.models.find(({ label }) => label === entry.own!.label)?.sha256;
      const known = models.get(key ?? entry.path);
      // What the run asked first counts, where two asked the same.
      if (known && key !== undefined)
        models.set(key, {
          ...known,
          name: known.own!.label === entry.own!.label ? known.own!.label : known.name,
          asked: new Map([...entry.asked, ...known.asked]),
        });
      else models.set(key ?? entry.path, entry);
    }
  }
  return withOwnNames([...models.values()]);
}

async function readAll(paths: readonly string[], names: readonly string[]): Promise<ReadEntries[]> {
  const found: ReadEntries[] = [];
  for (const [i, path] of paths.entries()) {
    const source = await sourceOf(path);
    if (!source) throw new DataError(noResults(path));
    found.push(await source.read(path, names[i]!));
  }
  return found;
}

/** The kind of results at a path. */
export async function sourceOf(path: string): Promise<ResultSource | undefined> {
  for (const source of Object.values(resultSources)) if (await source.takes(path)) return source;
  return undefined;
}

function noResults(path: string): string {
  const kinds = Object.values<ResultSource>(resultSources).map(({ about }) => about);
  return (
    `${evalPaths(runPaths(path).eval).results}: expected the results of an evaluation, got no such file. ` +
    `Run \`zebra eval\` there first, or name ${kinds.join("; ")}`
  );
}

/** Models of several folders may have one name. */
function withOwnNames(entries: readonly Entry[]): Entry[] {
  const counts = Map.groupBy(entries, ({ name }) => name);
  return entries.map((entry) =>
    counts.get(entry.name)!.length > 1
      ? { ...entry, name: `${entry.name} (${counts.get(entry.name)!.indexOf(entry) + 1})` }
      : entry,
  );
}

/** The folders' names, or as many of their last parts as tell them apart. */
export function distinctNames(runDirs: readonly string[]): string[] {
  const parts = runDirs.map((dir) => namesIn(dir));
  for (let count = 1; count < 8; count++) {
    const names = parts.map((one) => one.slice(-count).join("/"));
    if (new Set(names).size === names.length) return names;
  }
  return runDirs.map((dir, i) => `${i + 1} ${basename(dir)}`);
}

const compareFolder = basename(runPaths("").compare);

/** The parts of a path; the folder of a comparison is its run's. */
function namesIn(path: string): string[] {
  const parts = path.split(/[\\/]/).filter(Boolean);
  return parts.length > 1 && parts.at(-1) === compareFolder
    ? [...parts.slice(0, -2), parts.slice(-2).join("/")]
    : parts;
}

/** Keys of the recipes that not all entries have alike, with each one's value as text. */
export function recipeDifferences(entries: readonly Entry[]): { key: string; values: string[] }[] {
  const flat = entries.map(({ recipe }) => new Map(recipe ? leaves(recipe, "") : []));
  const keys = [...new Set(flat.flatMap((one) => [...one.keys()]))];
  return keys
    .filter((key) => key !== "name" && key !== "output_dir")
    .map((key) => ({ key, values: flat.map((one) => one.get(key) ?? "–") }))
    .filter(({ values }) => new Set(values.filter((_, i) => entries[i]!.recipe)).size > 1);
}

function leaves(value: unknown, path: string): [string, string][] {
  if (value === null || typeof value !== "object") return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, own]) => leaves(own, path === "" ? key : `${path}.${key}`));
}
