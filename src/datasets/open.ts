import { ConfigError } from "../errors.ts";
import type { DatasetSpec } from "../recipe/recipe.ts";
import { catalog } from "./catalog/index.ts";
import type { DatasetEntry } from "./entry.ts";
import { localSource } from "./local-source.ts";
import { parseBuildOptions } from "./options.ts";
import { catalogSource, type DataSource } from "./source.ts";

/** Files the stage itself writes into the data folder. */
const taken: readonly string[] = ["ledger.parquet", "manifest.json"];

/**
 * The sources of a recipe, ready to be read. Throws ConfigError with everything that is wrong in the recipe, and
 * DataError for a path that cannot be read.
 */
export async function openSources(
  specs: readonly DatasetSpec[],
  warn: (message: string) => void,
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
    const open = opener(spec, where, problems, warn);
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
): (() => Promise<DataSource>) | null {
  const { path, catalog: id, options = {} } = spec;
  if ((path === undefined) === (id === undefined)) {
    problems.push(
      `${where}: expected either catalog or path, got ${path === undefined ? "neither" : "both"}`,
    );
    return null;
  }
  if (path !== undefined) {
    for (const [key, value] of Object.entries(options)) {
      if (key !== "sections" || typeof value !== "boolean") {
        problems.push(
          `${where}.options.${key}: expected only sections (true or false) for local files, got ${key}`,
        );
      }
    }
    return () => localSource({ ...spec, path }, warn);
  }
  const entry: DatasetEntry | undefined = Object.hasOwn(catalog, id!)
    ? catalog[id as keyof typeof catalog]
    : undefined;
  if (entry === undefined) {
    problems.push(
      `${where}.catalog: expected one of ${Object.keys(catalog).join(", ")}, got ${JSON.stringify(id)}`,
    );
    return null;
  }
  const build = parseBuildOptions(options, `${where}.options`, problems);
  return () => catalogSource(entry, build);
}
