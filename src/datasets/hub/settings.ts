import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DataError } from "../../errors.ts";
import { cacheFolder } from "../cache-folder.ts";

/** How the Hub is reached: what huggingface_hub's environment variables say. */
export interface HubSettings {
  /** Without a slash at the end. */
  endpoint: string;
  /** Must never be printed. */
  token?: string;
  /** Folder with `datasets--owner--name` folders. */
  cacheDir: string;
  offline: boolean;
  /** Tries of one request, including the first, as long as none of them makes progress. */
  attempts: number;
  /** Wait before the second try; it doubles with each further one. */
  retryDelayMs: number;
  /** Longest time without a byte from the server. */
  timeoutMs: number;
}

const trueWords = new Set(["1", "true", "yes", "on"]);

/**
 * Settings from HF_ENDPOINT, HF_TOKEN (else HF_TOKEN_PATH, else the file `token` in HF_HOME), HF_HUB_CACHE,
 * HF_HOME, XDG_CACHE_HOME and HF_HUB_OFFLINE, as huggingface_hub reads them. Throws DataError for a token of
 * another form.
 */
export function hubSettings(env: NodeJS.ProcessEnv = process.env): HubSettings {
  const home = env.HF_HOME || cacheFolder(env, "huggingface");
  const token = tokenOf(env, home);
  return {
    endpoint: (env.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, ""),
    ...(token === undefined ? {} : { token }),
    cacheDir: env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE || join(home, "hub"),
    offline: trueWords.has((env.HF_HUB_OFFLINE ?? "").toLowerCase()),
    attempts: 5,
    retryDelayMs: 1_000,
    timeoutMs: 30_000,
  };
}

function tokenOf(env: NodeJS.ProcessEnv, home: string): string | undefined {
  const given = env.HF_TOKEN?.trim() || tokenFile(env.HF_TOKEN_PATH || join(home, "token"));
  if (!given) return undefined;
  if (!/^hf_[A-Za-z0-9_.-]+$/.test(given)) {
    throw new DataError(
      "HF_TOKEN: expected a token that begins with hf_, got something else. Tokens are made at " +
        "https://huggingface.co/settings/tokens.",
    );
  }
  return given;
}

function tokenFile(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined; // most have none
  }
}
