import { statSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import type { TaskConfig } from "../task-config.ts";
import { filesBySplit, localFiles } from "./data-files.ts";

/**
 * Files and folders of this machine that a task's rows come from; none for a dataset of the Hub. What cannot
 * be found is left out: reading the rows tells of it.
 */
export async function dataPaths({ file, dataset_path = "", dataset_kwargs }: TaskConfig): Promise<string[]> {
  const folders = [dirname(file), process.cwd()].map((folder) =>
    typeof dataset_kwargs.data_dir === "string" ? join(folder, dataset_kwargs.data_dir) : folder,
  );
  const paths = folders.map((folder) =>
    isAbsolute(dataset_path) ? dataset_path : join(folder, dataset_path),
  );
  const own = dataset_path === "" ? undefined : paths.find(isFolder);
  if (own !== undefined) return [own];
  const patterns = [...(filesBySplit(dataset_kwargs.data_files)?.values() ?? [])].flat();
  return localFiles(patterns, folders).catch(() => []);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
