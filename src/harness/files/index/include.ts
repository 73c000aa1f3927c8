import { existsSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { DataError } from "../../../errors.ts";
import { isList, type PyDict, typeName, type Value } from "../../../jinja/values/values.ts";
import { readYaml } from "../yaml/read-yaml.ts";

/** What a task file says, its includes in: keys in their order. */
export type Config = ReadonlyMap<string, Value>;

/** Includes inside each other, at most. */
const maxDepth = 20;
/** Files that one list of includes names, at most. */
const maxIncludes = 100;

/** Task files by path, each read once. */
export interface TaskFiles {
  /**
   * Throws DataError for a file that cannot be read, that includes itself (over others too), or that includes
   * one outside of its folder, its checkout and `roots`. A file that two others include is no circle, which
   * upstream takes it for.
   */
  read(path: string): Config;
}

/** `roots`: folders that includes may name files in, beside the including file's own. */
export function taskFiles(roots: readonly string[]): TaskFiles {
  const allowed = roots.map(realPath);
  const done = new Map<string, Config>();
  const read = (given: string, within: readonly string[]): Config => {
    const path = realPath(given);
    const before = done.get(path);
    if (before) return before;
    const includers = [...within, path];
    if (within.includes(path))
      throw new DataError(
        `${within[0]}: include: expected files that do not include each other in a circle, got ` +
          includers.slice(includers.indexOf(path)).join(" → "),
      );
    if (includers.length > maxDepth)
      throw new DataError(
        `${within[0]}: include: expected at most ${maxDepth} files in each other, got more`,
      );
    const own = textKeys(readYaml(path), path);
    const merged = new Map<string, Value>();
    for (const name of includesOf(own, path)) {
      const file = includedFile(name, path, allowed);
      for (const [key, value] of read(file, includers)) if (key !== "task_list") merged.set(key, value);
    }
    for (const [key, value] of own) if (key !== "include") merged.set(key, value);
    done.set(path, merged);
    return merged;
  };
  return { read: (path) => read(path, []) };
}

/** Links followed, as upstream does; the path itself where there is nothing. */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ELOOP")
      throw new DataError(`${path}: expected a file, got links in a circle`);
    return path;
  }
}

function textKeys(dict: PyDict, path: string): Map<string, Value> {
  const keys = new Map<string, Value>();
  for (const [key, value] of dict.entries()) {
    if (typeof key !== "string")
      throw new DataError(`${path}: expected keys that are text, got ${String(key)} (a ${typeName(key)})`);
    keys.set(key, value);
  }
  return keys;
}

function includesOf(config: Config, path: string): string[] {
  const given = config.get("include");
  if (given === undefined) return [];
  const list = isList(given) ? given : [given];
  if (list.length > maxIncludes)
    throw new DataError(`${path}: include: expected at most ${maxIncludes} files, got ${list.length}`);
  return list.map((name) => {
    if (typeof name === "string" && name !== "") return name;
    throw new DataError(
      `${path}: include: expected a file's path, or a list of them, got a ${typeName(name)}`,
    );
  });
}

function includedFile(name: string, by: string, roots: readonly string[]): string {
  const path = realPath(isAbsolute(name) ? name : join(dirname(by), name));
  if (!existsSync(path))
    throw new DataError(`${by}: include: expected a file that there is, got ${name} (no ${path})`);
  if ([dirname(by), checkoutOf(by), ...roots].some((root) => isInside(root, path))) return path;
  throw new DataError(
    `${by}: include: expected a file in the folder of this one or of its checkout, got ${name}, which is in ` +
      `neither. Name its folder with --include-path if it may be read.`,
  );
}

/**
 * The folder that a task file belongs to as a part of something larger: the uppermost `tasks` above it, as in
 * the harness and its forks.
 */
function checkoutOf(path: string): string {
  const parts = dirname(path).split(sep);
  const tasks = parts.indexOf("tasks");
  return tasks > 0 ? parts.slice(0, tasks + 1).join(sep) : dirname(path);
}

export function isInside(folder: string, path: string): boolean {
  const rest = relative(folder, path);
  return rest !== ".." && !rest.startsWith(`..${sep}`) && !isAbsolute(rest);
}
