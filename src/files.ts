import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { ZebraError } from "./errors.ts";

/**
 * Writes a file so that readers see the old one or the new one, never a part: a temporary file beside it,
 * fsync, rename. Creates the folder. On an error of the file system (ENOSPC …) the old file stays.
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array | ((file: FileHandle) => Promise<void>),
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = temporaryBeside(path);
  try {
    const file = await open(temporary, "wx");
    try {
      if (typeof data === "function") await data(file);
      else await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Replaces a folder at once: `fill` writes into a temporary folder beside it, which then takes the place of
 * `path`. An older folder at `path` is removed only when the new one is complete.
 */
export async function writeFolderAtomic(
  path: string,
  fill: (temporary: string) => Promise<void>,
): Promise<void> {
  const id = randomBytes(4).toString("hex");
  const temporary = `${path}.${id}.tmp`;
  const old = `${path}.${id}.old`;
  await mkdir(temporary, { recursive: true });
  try {
    await fill(temporary);
    await syncFolder(temporary);
    await rename(path, old).catch(ignoreMissing);
    await rename(temporary, path);
    await syncFolder(dirname(path));
    await rm(old, { recursive: true, force: true });
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** A new name beside `path` for what is not complete yet. */
export function temporaryBeside(path: string): string {
  return `${path}.${randomBytes(4).toString("hex")}.tmp`;
}

/** Names of files and folders that are not complete yet, and of a folder that is being replaced. */
const unfinished = /\.tmp$|^\.tmp-|\.[0-9a-f]{8}\.old$/;

/**
 * Removes incomplete files that a killed process left in a folder; complete files stay. Only for folders that
 * a single process writes to. Does nothing when the folder does not exist.
 */
export async function removeUnfinished(folder: string): Promise<void> {
  const names = (await readdir(folder).catch(ignoreMissing)) ?? [];
  for (const name of names)
    if (unfinished.test(name)) await rm(join(folder, name), { recursive: true, force: true });
}

/**
 * Read options for hashing a whole file. In the default pieces of 64 KiB, reading takes as long as hashing.
 */
export const hashedAtOnce = { highWaterMark: 1 << 20 };

/** sha256 of a file's bytes, in hex. Throws errors of the file system. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, hashedAtOnce)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

/** Joins two paths and refuses a result outside `folder`: names that come from data must stay inside it. */
export function joinInside(folder: string, name: string): string {
  const path = resolve(folder, name);
  const rest = relative(resolve(folder), path);
  if (rest === ".." || rest.startsWith(`..${sep}`) || resolve(rest) === rest) {
    throw new ZebraError(
      "E_PATH",
      `${folder}: expected a name inside this folder, got ${JSON.stringify(name)}`,
    );
  }
  return join(folder, rest);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
