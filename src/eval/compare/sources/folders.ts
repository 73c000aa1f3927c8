import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** A folder itself (its label is "") and those in it. Nothing where it is no folder. */
export async function foldersOf(path: string): Promise<{ folder: string; label: string }[]> {
  const isFolder = await stat(path).then(
    (one) => one.isDirectory(),
    () => false,
  );
  if (!isFolder) return [];
  const all = await readdir(path, { withFileTypes: true });
  const inside = all.filter((one) => one.isDirectory()).map(({ name }) => name);
  return [
    { folder: path, label: "" },
    ...inside.sort().map((label) => ({ folder: join(path, label), label })),
  ];
}
