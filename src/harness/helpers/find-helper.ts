import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ConfigError, DataError, messageOf } from "../../errors.ts";
import { readTaskFile } from "../files/yaml/bounded-file.ts";
import type { FunctionReference } from "../files/yaml/function-reference.ts";
import { knownFunctions } from "./catalog/index.ts";
import type { Helper, KnownFunction } from "./helper.ts";
import { type PythonFile, readPython } from "./python/meaning.ts";

/** A helper for what `!function` names, or why there is none: what to say after "got !function x.y, ". */
export type FoundHelper = Helper & { refused?: string };

/** Finds the helper that stands for a Python function. */
export type FindHelper = (reference: FunctionReference) => FoundHelper;

export const noPython = "which is Python: zebratune runs none, and has nothing of its own in its place";

/** Python files by path, each read once. */
const read = new Map<string, PythonFile | string>();
const mostFiles = 2_000;

/**
 * The toolkit's own code for a Python function of the harness. The function is known by a hash of its
 * meaning in the file beside the task's: the file is read, and never run. Where there is none, as in the task
 * files of the toolkit and copies of them, its whole name is enough: `hellaswag.utils.process_docs`.
 */
export function helperFinder(functions: readonly KnownFunction[] = knownFunctions): FindHelper {
  return (reference) => {
    const at = reference.name.lastIndexOf(".");
    const named = { module: reference.name.slice(0, Math.max(0, at)), name: reference.name.slice(at + 1) };
    try {
      return besideFile(functions, reference.file, named);
    } catch (error) {
      // A package that the helper needs and that is not there.
      if (!(error instanceof ConfigError)) throw error;
      return { refused: `which needs more: ${messageOf(error).replaceAll("\n", " ")}` };
    }
  };
}

export const findHelper: FindHelper = helperFinder();

interface Named {
  /** `utils`, for a file beside the task's; dots stand for folders. */
  module: string;
  name: string;
}

function byName(functions: readonly KnownFunction[], { module, name }: Named): KnownFunction | undefined {
  return functions.find(({ standsFor }) => standsFor === `${module.replaceAll(".", "/")}.${name}`);
}

function besideFile(functions: readonly KnownFunction[], file: string, named: Named): FoundHelper {
  const { module, name } = named;
  const path = join(dirname(file), `${module.replaceAll(".", "/")}.py`);
  const unlike = unlikeOurs(functions, file, named);
  if (module === "" || !existsSync(path))
    return byName(functions, named)?.make({}) ?? { refused: `${noPython}${unlike}` };
  const python = pythonAt(path);
  if (typeof python === "string") return { refused: `which cannot be read as Python: ${python}` };
  if (python.hashOf(name) === undefined)
    return { refused: `which is Python, and ${module}.py has no ${name}` };
  return known(functions, python, name) ?? { refused: `${noPython}${unlike}` };
}

function known(functions: readonly KnownFunction[], python: PythonFile, name: string): Helper | undefined {
  const byHash = (hash: string | undefined) =>
    functions.find(({ hashes }) => hash !== undefined && hashes.includes(hash));
  const direct = byHash(python.hashOf(name))?.make({});
  if (direct) return direct;
  const partial = python.partialOf(name);
  return partial && byHash(python.hashOf(partial.name))?.make(partial.given);
}

/** Where a function has the name of one that is known, but is another, or is nowhere to be looked at. */
function unlikeOurs(functions: readonly KnownFunction[], file: string, { module, name }: Named): string {
  const own = `${basename(dirname(file))}/${module}.${name}`;
  const like = functions.find(({ standsFor }) => standsFor === own || standsFor.endsWith(`/${own}`));
  return like
    ? ` (it differs from the ${like.standsFor} that zebratune knows, or is not beside the task's file)`
    : "";
}

function pythonAt(path: string): PythonFile | string {
  const before = read.get(path);
  if (before !== undefined) return before;
  let found: PythonFile | string;
  try {
    found = readPython(readTaskFile(path)) ?? `${path}: expected Python, got something else`;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    found = messageOf(error);
  }
  if (read.size >= mostFiles) read.clear();
  read.set(path, found);
  return found;
}
