import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { Stopped, type StopSignal } from "../../contracts/events.ts";
import { DataError } from "../../errors.ts";
import { type RepoCache, sizeOfFile } from "./cache.ts";
import { explainFailure } from "./explain.ts";
import { causeOf, HubFailure, hubFetch, pause } from "./request.ts";
import type { HubSettings } from "./settings.ts";

/** A file as the Hub lists it. */
export interface HubFile {
  path: string;
  sizeBytes: number;
  /** Name of its blob: sha256 of the content for a large (LFS) file, else git's sha1 of it. */
  etag: string;
}

export interface DownloadContext {
  settings: HubSettings;
  cache: RepoCache;
  repo: string;
  commit: string;
  stop: StopSignal;
  /** Called with how many bytes of this file are there. */
  progress(done: number): void;
}

/**
 * Puts a file into the cache and returns its path there. A part from an earlier try is continued (Range). The
 * file is checked for size and checksum before it gets its name. Throws DataError when the server, the disk
 * or the content is wrong (the part stays for the next run), Stopped between chunks.
 */
export async function downloadFile(file: HubFile, ctx: DownloadContext): Promise<string> {
  const { cache, commit } = ctx;
  const blob = cache.blobPath(file.etag);
  const at = cache.snapshotPath(commit, file.path);
  if ((await sizeOfFile(at)) === file.sizeBytes) return at;
  if ((await sizeOfFile(blob)) !== file.sizeBytes) {
    await mkdir(dirname(blob), { recursive: true });
    const incomplete = `${blob}.incomplete`;
    await rm(blob, { force: true });
    await fillChecked(incomplete, file, ctx);
    await rename(incomplete, blob);
  }
  await rm(at, { force: true });
  await cache.link(commit, file.path, file.etag);
  return at;
}

async function fillChecked(incomplete: string, file: HubFile, ctx: DownloadContext): Promise<void> {
  // A wrong checksum often comes from a part of another version, or a failing disk: try once from the start,
  // then give up.
  for (let attempt = 1; ; attempt++) {
    await fill(incomplete, file, ctx);
    const found = await checksum(incomplete, file);
    if (found === file.etag) return;
    await rm(incomplete, { force: true });
    if (attempt === 2) {
      throw new DataError(
        `hub ${ctx.repo} ${file.path}: expected content with the checksum ${file.etag}, got ${found} ` +
          "twice. Run again; if it stays so, the file on the Hub or something between is damaged.",
      );
    }
  }
}

/** Gets the file's bytes into `incomplete`, over as many connections as that takes. */
async function fill(incomplete: string, file: HubFile, ctx: DownloadContext): Promise<void> {
  const { settings, stop } = ctx;
  for (let failures = 0; ; ) {
    const have = (await sizeOfFile(incomplete)) ?? 0;
    if (have === file.sizeBytes && (have > 0 || failures > 0)) return;
    await needRoom(incomplete, file.sizeBytes - have, file, ctx);
    const problem = await fillOnce(incomplete, have > file.sizeBytes ? 0 : have, file, ctx);
    const now = (await sizeOfFile(incomplete)) ?? 0;
    if (now === file.sizeBytes) return;
    failures = now > have ? 1 : failures + 1;
    if (failures >= settings.attempts) {
      throw new DataError(
        `hub ${ctx.repo} ${file.path}: expected ${file.sizeBytes} bytes, got ${now} and then ` +
          `${problem}, ${failures} times. What came is kept: run again to go on from there.`,
      );
    }
    await pause(settings.retryDelayMs * 2 ** (failures - 1), stop);
  }
}

/** One connection, which continues after the first `have` bytes. Returns how it ended. */
async function fillOnce(
  incomplete: string,
  have: number,
  file: HubFile,
  ctx: DownloadContext,
): Promise<string> {
  const silence = new AbortController();
  const response = await ask(file, have, silence.signal, ctx);
  if (response === null) {
    await rm(incomplete, { force: true });
    return `no bytes from ${have} on (416)`;
  }
  const resumed = response.headers.get("content-range")?.startsWith(`bytes ${have}-`) === true;
  const start = response.status === 206 && resumed ? have : 0;
  const other = notTheFile(response, file.sizeBytes - start);
  if (other !== "") {
    // Nothing of it is read, so the part that is there stays.
    await response.body?.cancel();
    return other;
  }
  return receive(response, { path: incomplete, start, silence }, file, ctx);
}

/**
 * Asks for a file's bytes from `have` on; null where the file ends before that, so that the part is not of
 * this file.
 */
async function ask(
  { path }: HubFile,
  have: number,
  signal: AbortSignal,
  { settings, repo, commit, stop }: DownloadContext,
): Promise<Response | null> {
  const name = path.split("/").map(encodeURIComponent).join("/");
  const url = `${settings.endpoint}/datasets/${repo}/resolve/${commit}/${name}`;
  const headers = {
    // If the answer were compressed, sizes and ranges would be those of the compressed bytes.
    "accept-encoding": "identity",
    ...(settings.token ? { authorization: `Bearer ${settings.token}` } : {}),
    ...(have > 0 ? { range: `bytes=${have}-` } : {}),
  };
  return hubFetch(settings, stop)(url, { signal, headers }).catch((error: unknown) => {
    if (error instanceof HubFailure && error.status === 416) return null;
    throw explainFailure(error, { repo, file: path }, settings);
  });
}

/** Writes an answer's bytes to `path` from `start` on. Returns how the answer ended. */
async function receive(
  response: Response,
  { path, start, silence }: { path: string; start: number; silence: AbortController },
  file: HubFile,
  ctx: DownloadContext,
): Promise<string> {
  const handle = await open(path, start > 0 ? "a" : "w");
  const startTimer = () => setTimeout(() => silence.abort(), ctx.settings.timeoutMs);
  let timer = startTimer();
  let done = start;
  try {
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      timer = startTimer();
      if (ctx.stop.stopped) throw new Stopped();
      done += chunk.length;
      if (done > file.sizeBytes) {
        await handle.truncate(0);
        return `more than ${file.sizeBytes} bytes`;
      }
      await writeAll(handle, chunk, file, ctx);
      ctx.progress(done);
    }
    return "the end of the answer";
  } catch (error) {
    if (error instanceof Stopped || error instanceof DataError) throw error;
    return silence.signal.aborted ? "silence" : `a broken connection (${causeOf(error)})`;
  } finally {
    clearTimeout(timer);
    silence.abort();
    await handle.close();
  }
}

/**
 * What came instead of the file (a sign-in page, say), told by its size or kind before a byte is read; else
 * "".
 */
function notTheFile({ headers }: Response, expectedBytes: number): string {
  const length = headers.get("content-length");
  const type = headers.get("content-type") ?? "";
  if (length !== null && Number(length) !== expectedBytes)
    return `an answer of ${length} bytes${type === "" ? "" : ` (${type})`}`;
  return type.startsWith("text/html") ? `a page (${type})` : "";
}

async function writeAll(
  handle: Awaited<ReturnType<typeof open>>,
  chunk: Uint8Array,
  file: HubFile,
  ctx: DownloadContext,
): Promise<void> {
  try {
    await handle.writeFile(chunk);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOSPC" && code !== "EDQUOT") throw error;
    throw diskFull(file, ctx, "a full disk");
  }
}

async function needRoom(path: string, needBytes: number, file: HubFile, ctx: DownloadContext): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path));
  const freeBytes = bavail * bsize;
  if (freeBytes < needBytes) throw diskFull(file, ctx, `${freeBytes} bytes free, and ${needBytes} to come`);
}

function diskFull(file: HubFile, ctx: DownloadContext, got: string): DataError {
  return new DataError(
    `hub ${ctx.repo} ${file.path}: expected room for ${file.sizeBytes} bytes in ${ctx.cache.folder}, ` +
      `got ${got}. Make room, or set HF_HOME to a folder on a larger disk, then run again.`,
  );
}

/** sha256 as Git LFS names a file, or sha1 as git names a blob, whichever the etag is. */
async function checksum(path: string, file: HubFile): Promise<string> {
  const isLarge = file.etag.length === 64;
  const hash = createHash(isLarge ? "sha256" : "sha1");
  if (!isLarge) hash.update(`blob ${file.sizeBytes}\0`);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}
