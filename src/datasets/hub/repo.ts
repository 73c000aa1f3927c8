import type { StopSignal } from "../../contracts/events.ts";
import { DataError } from "../../errors.ts";
import { listFiles as listLocalFiles } from "../files/local-files.ts";
import { type RepoCache, repoCache } from "./cache.ts";
import type { HubFile } from "./download.ts";
import { explainFailure } from "./explain.ts";
import { hubFetch } from "./request.ts";
import type { HubSettings } from "./settings.ts";

/** A dataset of the Hub at one commit. */
export interface HubSnapshot {
  repo: string;
  /** 40 hexadecimal digits. */
  commit: string;
  files: HubFile[];
  cache: RepoCache;
}

const isCommit = (text: unknown): text is string => typeof text === "string" && /^[0-9a-f]{40}$/.test(text);

/**
 * Asks the Hub, or offline the cache, which commit `revision` stands for and which files it has. Throws
 * DataError when there is no answer.
 */
export async function openSnapshot(
  repo: string,
  revision: string,
  settings: HubSettings,
  stop: StopSignal,
): Promise<HubSnapshot> {
  const cache = repoCache(settings.cacheDir, repo);
  if (settings.offline) return cachedSnapshot(repo, revision, cache);
  // Imported here: most runs need no Hub.
  const hub = await import("@huggingface/hub");
  const common = {
    hubUrl: settings.endpoint,
    fetch: pagesOf(repo, settings, stop),
    ...(settings.token === undefined ? {} : { accessToken: settings.token }),
  };
  try {
    const { sha } = await hub.datasetInfo({ name: repo, revision, additionalFields: ["sha"], ...common });
    if (!isCommit(sha))
      throw new DataError(`hub ${repo}: expected a commit for ${revision}, got ${String(sha)}`);
    const files = new Map<string, HubFile>();
    const listed = hub.listFiles({
      repo: { type: "dataset", name: repo },
      revision: sha,
      recursive: true,
      ...common,
    });
    for await (const { type, path, size, oid, lfs } of listed) {
      const etag = lfs?.oid ?? oid ?? "";
      if (type !== "file") continue;
      if (!/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(etag))
        throw new DataError(
          `hub ${repo} ${path}: expected a checksum in the list of files, got ${JSON.stringify(etag)}`,
        );
      const sizeBytes: unknown = lfs?.size ?? size;
      if (!Number.isSafeInteger(sizeBytes) || Number(sizeBytes) < 0)
        throw new DataError(`hub ${repo} ${path}: expected a size in the list of files, got ${sizeBytes}`);
      if (path.split("/").some((part) => ["", ".", ".."].includes(part)))
        throw new DataError(`hub ${repo}: expected a path inside the dataset, got ${JSON.stringify(path)}`);
      files.set(path, { path, sizeBytes: Number(sizeBytes), etag });
    }
    await cache.writeRef(revision, sha);
    return { repo, commit: sha, files: [...files.values()], cache };
  } catch (error) {
    throw explainFailure(error, { repo, revision }, settings);
  }
}

/**
 * A fetch for answers of several pages, each with the next one's address: that must be on this Hub and not
 * come twice.
 */
function pagesOf(repo: string, settings: HubSettings, stop: StopSignal): typeof fetch {
  const get = hubFetch(settings, stop, true);
  const { origin } = new URL(settings.endpoint);
  const seen = new Set<string>();
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== origin)
      throw new DataError(`hub ${repo}: expected pages of ${origin}, got one of ${url.origin}`);
    if (seen.has(url.href))
      throw new DataError(`hub ${repo}: expected an end to the list of files, got the page ${url} again`);
    seen.add(url.href);
    return await get(input, init);
  };
}

/** What the cache has of the commit that the revision last pointed to. */
async function cachedSnapshot(repo: string, revision: string, cache: RepoCache): Promise<HubSnapshot> {
  const commit = isCommit(revision) ? revision : await cache.readRef(revision);
  const there =
    commit === undefined ? [] : await listLocalFiles(cache.snapshotFolder(commit)).catch(() => []);
  if (commit === undefined || there.length === 0) {
    throw new DataError(
      `hub ${repo}: expected ${revision} in the cache, since HF_HUB_OFFLINE is set, got nothing in ` +
        `${cache.folder}. Unset it and run once with a network.`,
    );
  }
  const files = there.map(({ name, sizeBytes }) => ({ path: name, sizeBytes, etag: "" }));
  return { repo, commit, files, cache };
}
