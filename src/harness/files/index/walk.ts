import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../../../errors.ts";

const ignored = new Set(["__pycache__", ".ipynb_checkpoints"]);
/** The harness has 14,000 files in 3,000 folders. */
const maxFiles = 100_000;
const maxFolders = 100_000;

/**
 * All files below a folder whose names end in `.yaml`, sorted by path as upstream does. Links to folders are
 * not followed, so that none leads in a circle.
 */
export function yamlFilesBelow(root: string): string[] {
  const files: string[] = [];
  const folders = [root];
  for (let at = 0; at < folders.length; at++) {
    const folder = folders[at]!;
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !ignored.has(entry.name)) folders.push(path);
      else if (entry.name.endsWith(".yaml") && !entry.isDirectory()) files.push(path);
    }
    if (files.length > maxFiles || folders.length > maxFolders)
      throw new DataError(`${root}: expected at most ${maxFiles} task files and folders, got more`);
  }
  return files.sort((a, b) => (a < b ? -1 : 1));
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const got = code === "ENOENT" ? "none" : code === "ENOTDIR" ? "a file" : String(code);
    throw new DataError(`${folder}: expected a folder with task files, got ${got}`);
  }
}
