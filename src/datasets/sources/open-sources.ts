import type { StopSignal } from "../../contracts/events.ts";
import type { DatasetSpec } from "../../contracts/recipe.ts";
import { dataPaths } from "../../contracts/run-folder.ts";
import { ConfigError } from "../../errors.ts";
import { parseBuildOptions } from "../catalog/catalog-options.ts";
import { datasetCatalog } from "../catalog/entries/index.ts";
import type { HubDataset } from "../catalog/hub-entry.ts";
import type { DatasetEntry } from "../entry.ts";
import { formatOptions } from "../rows/format-options.ts";
import { catalogReading, specReading } from "./hub-reading.ts";
import { hubSource } from "./hub-source.ts";
import { localSource } from "./local-source.ts";
import { catalogSource, type DataSource } from "./source.ts";

/** Files the stage itself writes into the data folder. */
const taken: readonly string[] = Object.values(dataPaths(""));

/**
 * The sources of a recipe, ready to be read. Throws ConfigError with everything that is wrong in the recipe, and
 * DataError for a path that cannot be read.
 */
export async function openSources(
  specs: readonly DatasetSpec[],
  warn: (message: string) => void,
  stop: StopSignal,
): Promise<DataSource[]> {
  const problems: string[] = [];
  const seen = new Set<string>();
  const opened: (() => Promise<DataSource>)[] = [];
  for (const [i, spec] of specs.entries()) {
    const where = `data.datasets[${i}]`;
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(spec.name) || taken.includes(spec.name)) {
      problems.push(
        `${where}.name: expected a name of letters, digits, ".", "_" and "-", got ${JSON.stringify(spec.name)}`,
      );
    }
    if (seen.has(spec.name))
      problems.push(`${where}.name: expected names that differ, got ${spec.name} twice`);
    seen.add(spec.name);
    const open = opener(spec, where, problems, warn, stop);
    if (open) opened.push(open);
  }
  if (problems.length > 0) throw new ConfigError("data", problems);
  const sources: DataSource[] = [];
  for (const open of opened) sources.push(await open());
  return sources;
}

function opener(
  spec: DatasetSpec,
  where: string,
  problems: string[],
  warn: (message: string) => void,
  stop: StopSignal,
): (() => Promise<DataSource>) | null {
  const { path, catalog: id, hub, options = {} } = spec;
  const kinds = [id, path, hub].filter((kind) => kind !== undefined).length;
  if (kinds !== 1) {
    problems.push(`${where}: expected one of catalog, path and hub, got ${kinds === 0 ? "none" : kinds}`);
    return null;
  }
  if (hub !== undefined) {
    const reading = specReading({ ...spec, hub }, where, problems);
    return () => hubSource(reading, warn, stop);
  }
  if (path !== undefined) {
    const format = spec.fields ? "fields" : spec.format;
    // Without a format, the files tell it once they are looked at.
    if (format !== undefined) formatOptions(format, options, where, problems);
    return () => localSource({ ...spec, path }, where, warn);
  }
  const entry: DatasetEntry | HubDataset | undefined = Object.hasOwn(datasetCatalog, id!)
    ? datasetCatalog[id as keyof typeof datasetCatalog]
    : undefined;
  if (entry === undefined) {
    problems.push(
      `${where}.catalog: expected one of ${Object.keys(datasetCatalog).join(", ")}, got ${JSON.stringify(id)}`,
    );
    return null;
  }
  if ("repo" in entry) {
    const reading = catalogReading(spec, entry, where, problems);
    return () => hubSource(reading, warn, stop);
  }
  for (const key of ["revision", "split"] as const) {
    if (spec[key] !== undefined)
      problems.push(`${where}.${key}: expected ${key} beside datasets of the Hub only, got it beside ${id}`);
  }
  const build = parseBuildOptions(options, `${where}.options`, problems);
  return () => catalogSource(entry, build);
}
