import type { StopSignal } from "../../contracts/events.ts";
import type { DatasetSpec } from "../../contracts/recipe.ts";
import { dataPaths } from "../../contracts/run-folder.ts";
import { ConfigError } from "../../errors.ts";
import { entryOf, unknownName } from "../../recipe/options.ts";
import { openBuildOptions } from "../catalog/catalog-options.ts";
import { datasetCatalog } from "../catalog/entries/index.ts";
import type { HubDataset } from "../catalog/hub-entry.ts";
import type { DatasetEntry } from "../entry.ts";
import { openFormat } from "../rows/format.ts";
import { formatCatalog } from "../rows/formats/index.ts";
import { mappedRows } from "../rows/mapping/mapped-rows.ts";
import { catalogReading, specReading } from "./hub-reading.ts";
import { hubSource } from "./hub-source.ts";
import { localSource } from "./local-source.ts";
import { catalogSource, type DataSource } from "./source.ts";

/** Files that the stage itself writes into the data folder. */
const taken: readonly string[] = Object.values(dataPaths(""));

/**
 * The sources of a recipe, ready to be read. Throws ConfigError with everything that is wrong in the recipe,
 * and DataError for a path that cannot be read.
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
        `${where}.name: expected a name of letters, digits, ".", "_" and "-", got ` +
          `${JSON.stringify(spec.name)}`,
      );
    }
    if (seen.has(spec.name))
      problems.push(`${where}.name: expected names that differ, got ${spec.name} twice`);
    seen.add(spec.name);
    const beside = specs.filter((other) => other !== spec);
    const open = opener({ spec, beside, where, problems, warn, stop });
    if (open) opened.push(open);
  }
  if (problems.length > 0) throw new ConfigError("data", problems);
  const sources: DataSource[] = [];
  for (const open of opened) sources.push(await open());
  return sources;
}

/** A dataset of the recipe and what its source is opened with. */
interface Opening {
  spec: DatasetSpec;
  /** The other datasets of the recipe. */
  beside: readonly DatasetSpec[];
  /** Its place in the recipe, for messages. */
  where: string;
  /** Takes what is wrong. */
  problems: string[];
  warn(message: string): void;
  stop: StopSignal;
}

/** A function that opens the dataset's source; null where the recipe does not say which one. */
function opener({ spec, beside, where, problems, warn, stop }: Opening): (() => Promise<DataSource>) | null {
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
    const format = spec.fields ? mappedRows(spec.fields) : spec.format && formatCatalog[spec.format];
    // Without a format, the files say it when they are opened.
    if (format !== undefined) openFormat(format, options, `${where}.options`, problems);
    return () => localSource({ ...spec, path }, where, warn, { beside });
  }
  const entry = entryOf<DatasetEntry | HubDataset>(datasetCatalog, id!);
  if (entry === undefined) {
    problems.push(`${where}.catalog: ${unknownName(datasetCatalog, id!)}`);
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
  const build = openBuildOptions(options, `${where}.options`, problems);
  return build && (() => catalogSource(entry, build));
}
