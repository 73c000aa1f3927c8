import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { sha256OfFile } from "../../files.ts";

/** Smaller files are compared by content even where `large` is "stat". */
const smallBytes = 4 << 20;

/**
 * Changes when the files at `path` (a file, or a folder read recursively) change. `large: "content"` reads
 * everything (source texts); `"stat"` relies on size and modification time for files over 4 MiB (weights). A
 * path with no file has its own fingerprint.
 */
export async function fingerprint(path: string, large: "content" | "stat"): Promise<string> {
  const hash = createHash("sha256");
  for (const file of await filesAt(path)) {
    hash.update(`${relative(path, file)}\0${await fileFingerprint(file, large)}\n`);
  }
  return hash.digest("hex");
}

async function fileFingerprint(file: string, large: "content" | "stat"): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return "no file"; // a broken link, or one to a folder, which is not followed
  const { size, mtimeMs } = found;
  if (large === "stat" && size > smallBytes) return `${size} ${mtimeMs}`;
  return sha256OfFile(file);
}

async function filesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return [];
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
