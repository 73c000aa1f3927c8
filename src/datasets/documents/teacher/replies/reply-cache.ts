import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../../../files.ts";
import { cacheFolder } from "../../../cache-folder.ts";
import { parseCached, type Reply } from "./reply.ts";

/** Replies on disk, one file each, shared by all runs, so that each is paid for once. */
export interface ReplyCache {
  folder: string;
  read(key: string): Promise<Reply | undefined>;
  write(key: string, reply: Reply): Promise<void>;
}

/**
 * The cache in `zebratune/teacher` of the user's cache folder. It has replies and token counts by the hash of
 * the request, but no requests and no keys. For a file that is not a reply `warn` is called, and the reply is
 * asked for again.
 */
export function replyCache(env: NodeJS.ProcessEnv, warn: (message: string) => void): ReplyCache {
  const folder = cacheFolder(env, "zebratune", "teacher");
  const folderOf = (key: string) => join(folder, key.slice(0, 2));
  const pathOf = (key: string) => join(folderOf(key), `${key}.json`);
  return {
    folder,
    async read(key) {
      const path = pathOf(key);
      const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      const reply = parseCached(text);
      if (reply === null) warn(`${path}: expected a cached reply, got something else; it is asked for again`);
      return reply ?? undefined;
    },
    async write(key, reply) {
      // Replies quote documents, which may be private.
      await mkdir(folderOf(key), { recursive: true, mode: 0o700 });
      await writeFileAtomic(pathOf(key), `${JSON.stringify(reply)}\n`);
    },
  };
}
