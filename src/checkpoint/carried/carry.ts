import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { CheckpointError } from "../errors.ts";
import { writeFileAtomic } from "../files.ts";
import { carriedFiles, moreTemplatesFolder } from "../tokenizer-file-names.ts";

/**
 * Copies the tokenizer's files from the folder `from` into `to`, byte for byte. Throws CheckpointError where
 * `from` is no folder.
 */
export async function carryTokenizer(from: string, to: string): Promise<void> {
  const isFolder = await stat(from).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    throw new CheckpointError(`${from}: expected a folder with tokenizer files, got none. Check the path.`);
  }
  const more = await readdir(join(from, moreTemplatesFolder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return [];
  });
  if (more.length > 0) await mkdir(join(to, moreTemplatesFolder), { recursive: true });
  for (const name of [...carriedFiles, ...more.map((one) => join(moreTemplatesFolder, one))]) {
    const bytes = await readFile(join(from, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
    if (bytes) await writeFileAtomic(join(to, name), bytes);
  }
}
