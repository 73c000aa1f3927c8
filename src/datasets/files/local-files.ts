import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { DataError } from "../../errors.ts";
import { hashedAtOnce } from "../../files.ts";

export interface LocalFile {
  path: string;
  /** Relative to the source, "/" between parts; the base name for a single file. */
  name: string;
  sizeBytes: number;
}

/**
 * The file, or every file under the folder, in order of name. Hidden files and folders are left out, and so
 * are links to folders, for which `onLink` is called. Throws DataError when there is nothing or it cannot be
 * read.
 */
export async function listFiles(
  path: string,
  onLink: (name: string) => void = () => {},
): Promise<LocalFile[]> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const got = error.code === "ENOENT" ? "nothing there" : String(error.code);
    throw new DataError(
      `${path}: expected a file or folder, got ${got}. Paths are relative to the working folder.`,
    );
  });
  if (info.isFile()) return [{ path, name: basename(path), sizeBytes: info.size }];
  if (!info.isDirectory()) throw new DataError(`${path}: expected a file or folder, got something else`);
  const files = await walk(path, "", onLink);
  if (files.length === 0) throw new DataError(`${path}: expected a folder with files, got an empty one`);
  return files;
}

async function walk(root: string, folder: string, onLink: (name: string) => void): Promise<LocalFile[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      throw new DataError(`${join(root, folder)}: expected a folder that can be read, got ${error.code}`);
    },
  );
  const files: LocalFile[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.name.startsWith(".")) continue;
    // Linked folders are not followed (they may lead back here); linked files are.
    if (entry.isDirectory()) files.push(...(await walk(root, name, onLink)));
    else {
      const info = await stat(join(root, name)).catch((error: NodeJS.ErrnoException) => {
        const got = entry.isSymbolicLink() && error.code === "ENOENT" ? "a link to nothing" : error.code;
        throw new DataError(`${join(root, name)}: expected a file that can be read, got ${got}`);
      });
      if (info.isDirectory()) onLink(name);
      if (info.isFile()) files.push({ path: join(root, name), name, sizeBytes: info.size });
    }
  }
  return files;
}

/**
 * One checksum of all files' names and bytes: the revision of a local source. Throws DataError for a file
 * that cannot be read.
 */
export async function checksumOf(files: readonly LocalFile[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files) {
    hash.update(`${file.name}\0${file.sizeBytes}\0`);
    try {
      for await (const chunk of createReadStream(file.path, hashedAtOnce)) hash.update(chunk as Uint8Array);
    } catch (error) {
      throw new DataError(
        `${file.path}: expected a file that can be read, got ${(error as NodeJS.ErrnoException).code}`,
      );
    }
  }
  return `sha256:${hash.digest("hex").slice(0, 32)}`;
}
