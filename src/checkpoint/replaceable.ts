import { readdir } from "node:fs/promises";
import { CheckpointError } from "../errors.ts";

/**
 * A folder is written over an older one of its kind (known by `marker`, a file in it), never over one that holds
 * something else. Throws CheckpointError.
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
    `${dir}: expected a free name or a folder with ${marker}, got one with ${names.length} other files. Choose another name.`,
  );
}
