import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { nearest } from "../../recipe/nearest.ts";

/** The model or dataset that a text means on the Hub; null where it means a place on this machine. */
export async function hubId(text: string): Promise<string | null> {
  const address = /^(?:hf:\/\/|https?:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)\/)([\w.-]+\/[\w.-]+)/.exec(
    text,
  );
  if (address !== null) return address[1]!;
  const [, owner] = /^([A-Za-z0-9][\w.-]*)\/[A-Za-z0-9][\w.-]*$/.exec(text) ?? [];
  if (owner === undefined || localFolders.has(owner)) return null;
  return (await stat(owner).catch(() => null)) === null ? owner && text : null;
}

/** What people call their folders; no owner on the Hub is meant by them. */
const localFolders = new Set(
  "checkpoints checkpoint runs models model output outputs data docs documents notes".split(" "),
);

/**
 * Why a path that begins with `~` is not in the home folder, and how to write it; undefined for others.
 * Shells alone read it so, and not behind a `=`.
 */
export function notHome(path: string): string | undefined {
  if (path !== "~" && !path.startsWith("~/")) return undefined;
  return `only a shell reads ~ as your home folder: write ${join(homedir(), path.slice(1))}`;
}

/** `; did you mean …?` with a name that is there; "" where none is near. */
export async function nearestPath(path: string): Promise<string> {
  const home = notHome(path);
  if (home !== undefined) return `; ${home}`;
  const folder = dirname(path);
  const near = nearest(basename(path), await readdir(folder).catch(() => []));
  return near === undefined ? "" : `; did you mean ${join(folder, near)}?`;
}
