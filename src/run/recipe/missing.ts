import { stat } from "node:fs/promises";

/**
 * What is wrong with a path in words, or "" when it is there. `folder`: the folder to blame when it is
 * missing.
 */
export async function missing(path: string, folder = path, allowFolder = false): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() || (found && allowFolder)) return "";
  if (found) return "a folder";
  const parent = folder === path ? undefined : await stat(folder).catch(() => undefined);
  if (parent?.isDirectory()) return "a folder without it";
  return parent ? "a file" : "nothing";
}
