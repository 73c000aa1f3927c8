import { copyFile, mkdir, readFile, stat, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { joinInside, writeFileAtomic } from "../../files.ts";

/**
 * The cache of huggingface_hub, so that Python and zebratune find each other's downloads:
 * `datasets--owner--name/{refs/<revision>, blobs/<etag>, snapshots/<commit>/<path> → ../../blobs/<etag>}`.
 */
export interface RepoCache {
  folder: string;
  /** The commit that a branch or tag pointed to when the Hub was last asked; undefined if it never was. */
  readRef(revision: string): Promise<string | undefined>;
  writeRef(revision: string, commit: string): Promise<void>;
  blobPath(etag: string): string;
  snapshotFolder(commit: string): string;
  snapshotPath(commit: string, path: string): string;
  /** Puts a blob into a snapshot under its path. */
  link(commit: string, path: string, etag: string): Promise<void>;
}

export function repoCache(cacheDir: string, repo: string): RepoCache {
  const folder = join(cacheDir, `datasets--${repo.replaceAll("/", "--")}`);
  const refPath = (revision: string) => joinInside(join(folder, "refs"), revision);
  const snapshotFolder = (commit: string) => joinInside(join(folder, "snapshots"), commit);
  const snapshotPath = (commit: string, path: string) => joinInside(snapshotFolder(commit), path);
  const blobPath = (etag: string) => joinInside(join(folder, "blobs"), etag);
  return {
    folder,
    snapshotFolder,
    snapshotPath,
    blobPath,
    async readRef(revision) {
      const text = await readFile(refPath(revision), "utf8").catch(() => undefined);
      return text?.trim();
    },
    async writeRef(revision, commit) {
      if (revision !== commit) await writeFileAtomic(refPath(revision), commit);
    },
    async link(commit, path, etag) {
      const at = snapshotPath(commit, path);
      await mkdir(dirname(at), { recursive: true });
      try {
        await symlink(relative(dirname(at), blobPath(etag)), at);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // Windows allows links to few users: a copy does as well.
        if (code === "EPERM") await copyFile(blobPath(etag), at);
        else if (code !== "EEXIST") throw error;
      }
    },
  };
}

/** Size of a file, links followed; undefined where there is none. */
export async function sizeOfFile(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}
