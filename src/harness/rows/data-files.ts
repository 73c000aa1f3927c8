import { statSync } from "node:fs";
import { isAbsolute, join, resolve, sep } from "node:path";
import { listFiles } from "../../datasets/files/local-files.ts";
import { globToRegExp } from "../../datasets/hub/glob.ts";
import { DataError, messageOf } from "../../errors.ts";
import { isList, PyDict, typeName, type Value } from "../../jinja/values/values.ts";
import { isOfSystem } from "../files/yaml/bounded-file.ts";

/**
 * `data_files` by split: a path or a list is `train`'s, as the Hub's `datasets` has it. undefined where none
 * are named. Throws DataError for what is neither.
 */
export function filesBySplit(given: Value | undefined): Map<string, string[]> | undefined {
  if (given === undefined || given === null) return undefined;
  if (!(given instanceof PyDict)) return new Map([["train", pathsOf(given)]]);
  return new Map([...given.entries()].map(([split, files]) => [String(split), pathsOf(files)]));
}

function pathsOf(given: Value): string[] {
  const list = isList(given) ? given : [given];
  return list.map((path) => {
    if (typeof path === "string" && path !== "") return path;
    throw new DataError(
      `dataset_kwargs.data_files: expected paths, lists of them, or either by split, got a ${typeName(path)}`,
    );
  });
}

/**
 * Files that paths and globs name, from the folder of the task's file, else from the working folder. Throws
 * DataError where there is none, or something that is no regular file.
 */
export async function localFiles(patterns: readonly string[], folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const pattern of patterns) {
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(pattern))
      throw new DataError(
        `dataset_kwargs.data_files: expected a file of this machine, got ${pattern}. Fetch it, and name the copy.`,
      );
    found.push(...(await named(pattern, folders)));
  }
  return found;
}

async function named(pattern: string, folders: readonly string[]): Promise<string[]> {
  for (const folder of folders) {
    const path = isAbsolute(pattern) ? pattern : join(folder, pattern);
    const files = /[*?[]/.test(pattern) ? await matching(path) : isThere(path) ? [path] : [];
    if (files.length === 0) continue;
    for (const file of files) {
      if (!statSync(file).isFile() || isOfSystem(file))
        throw new DataError(`${file}: expected a file with rows, got a folder, pipe or device`);
    }
    return files;
  }
  throw new DataError(
    `dataset_kwargs.data_files: expected a file that there is, got ${pattern} (none in ${folders.join(", ")})`,
  );
}

/** Files below the part of the path that has no glob, sorted by name. */
async function matching(path: string): Promise<string[]> {
  const parts = resolve(path).split(sep);
  const first = parts.findIndex((part) => /[*?[]/.test(part));
  const root = parts.slice(0, first).join(sep) || sep;
  const pattern = globToRegExp(parts.slice(first).join("/"));
  if (!isThere(root)) return [];
  const files = await listFiles(root).catch(() => []);
  return files.filter(({ name }) => pattern.test(name)).map((file) => file.path);
}

function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw new DataError(
      `dataset_kwargs.data_files: expected a file that can be read, got ${messageOf(error)}`,
    );
  }
}
