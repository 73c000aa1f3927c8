import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../../../files.ts";
import { cacheFolder } from "../../../cache-folder.ts";
import { parseCached, type Reply } from "./reply.ts";

/** Replies on disk, a file each, shared by all runs: what was paid for once is there for every later recipe. */
export interface ReplyCache {
  folder: string;
  read(key: string): Promise<Reply | undefined>;
  write(key: string, reply: Reply): Promise<void>;
}

/**
 * The cache in `$XDG_CACHE_HOME/zebratune/teacher`, else in `~/.cache`. Holds replies and token counts under the
 * request's hash; neither requests nor keys. A file that is no reply is told to `warn` and asked for again.
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
