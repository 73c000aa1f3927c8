import { readdir } from "node:fs/promises";
import { CheckpointError } from "../errors.ts";

/**
 * Checks that `dir` is free, or is an older folder of the same kind, which has the file `marker`. A folder
 * with something else in it is never replaced. Throws CheckpointError.
 */
export async function requireReplaceable(dir: string, marker: string): Promise<void> {
  const names = await readdir(dir).catch((cause: NodeJS.ErrnoException): string[] => {
    if (cause.code === "ENOENT") return [];
    throw new CheckpointError(`${dir}: expected a folder to write, got ${cause.message}. Check the path.`, {
      cause,
    });
  });
  if (names.length === 0 || names.includes(marker)) return;
  throw new CheckpointError(
    `${dir}: expected a free name or a folder with ${marker}, got one with ${names.length} other files. ` +
      "Choose another name.",
  );
}
