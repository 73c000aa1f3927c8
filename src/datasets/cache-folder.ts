import { homedir } from "node:os";
import { join } from "node:path";

/**
 * A program's folder for what may be fetched or made again: in XDG_CACHE_HOME where it is set, else in
 * `~/.cache`.
 */
export function cacheFolder(env: NodeJS.ProcessEnv, ...names: readonly string[]): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), ...names);
}
