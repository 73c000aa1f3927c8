import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { pipeline } from "node:stream/promises";

/** Files up to this size are told apart by their contents even where `large` is "stat". */
const smallBytes = 4 << 20;

/**
 * Tells whether the files at `path` (a file, or a folder read recursively) are still those they were.
 * `large: "content"` reads everything (source texts); `"stat"` trusts size and modification time of files over
 * 4 MiB (weights). Nothing at `path` has a fingerprint of its own.
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
  if (!found?.isFile()) return "no file"; // a link to nowhere or to a folder, which is not followed
  const { size, mtimeMs } = found;
  if (large === "stat" && size > smallBytes) return `${size} ${mtimeMs}`;
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
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
