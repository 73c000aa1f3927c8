import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { runPaths } from "../../contracts/run-folder.ts";
import { ZebraError } from "../../errors.ts";
import { temporaryBeside } from "../../files.ts";

interface Holder {
  pid: number;
  host: string;
  /** Distinguishes two locks of the same process. */
  id: string;
}

/** Held while a run writes to its folder. Released with `await using` or `release`. */
export interface RunLock extends AsyncDisposable {
  release(): Promise<void>;
}

/**
 * Takes `<runDir>/run.lock`, so that two runs never write to one folder. A lock whose process no longer
 * exists is taken over. Throws ZebraError E_LOCKED when another run holds it. A lock from another host counts
 * as held, because its process cannot be checked from here.
 */
export async function lockRun(runDir: string): Promise<RunLock> {
  await mkdir(runDir, { recursive: true });
  const path = runPaths(runDir).lock;
  const mine: Holder = { pid: process.pid, host: hostname(), id: randomBytes(8).toString("hex") };
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await create(path, mine)) {
      const release = () => removeIfMine(path, mine.id);
      return { release, [Symbol.asyncDispose]: release };
    }
    const holder = await read(path);
    if (holder && (await staysAlive(holder))) throw locked(path, holder);
    await takeAway(path, holder);
  }
  throw new ZebraError(
    "E_LOCKED",
    `${path}: expected to get the lock, got other runs taking it each time. Try again.`,
  );
}

/**
 * The lock file appears with its content already in it: an empty one would look like the result of a crash.
 */
async function create(path: string, holder: Holder): Promise<boolean> {
  const temporary = `${path}.${holder.id}.tmp`;
  await writeFile(temporary, JSON.stringify(holder));
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Undefined when there is no file, or a crash left it incomplete. */
async function read(path: string): Promise<Holder | undefined> {
  try {
    const value = JSON.parse(await readFile(path, "utf8")) as Partial<Holder>;
    return typeof value.pid === "number" && typeof value.host === "string" && typeof value.id === "string"
      ? { pid: value.pid, host: value.host, id: value.id }
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A process that was killed a moment ago can still look alive while the system frees its memory. So that the
 * same command can be given again at once, the process is checked for up to a second.
 */
async function staysAlive(holder: Holder): Promise<boolean> {
  for (let asked = 0; asked < 10; asked++) {
    if (!isAlive(holder)) return false;
    if (holder.host !== hostname() || holder.pid === process.pid) return true;
    await sleep(100);
  }
  return true;
}

/** A zombie (killed, but its parent has not collected it yet) still accepts signals but is not alive. */
function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
    return !isZombie(holder.pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** On Linux, /proc has the state after the name in brackets. On other systems this is unknown: false. */
function isZombie(pid: number): boolean {
  try {
    return /^[ZX]/.test(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1) ?? "");
  } catch {
    return false;
  }
}

/** First moves the dead lock aside. If it turns out to be a new lock of another run, puts it back. */
async function takeAway(path: string, dead: Holder | undefined): Promise<void> {
  const aside = temporaryBeside(path);
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const moved = await read(aside);
  if (moved && moved.id !== dead?.id) await rename(aside, path);
  else await rm(aside, { force: true });
}

async function removeIfMine(path: string, id: string): Promise<void> {
  if ((await read(path))?.id === id) await rm(path, { force: true });
}

function locked(path: string, holder: Holder): ZebraError {
  const who =
    holder.host === hostname() ? `process ${holder.pid}` : `process ${holder.pid} of host ${holder.host}`;
  return new ZebraError(
    "E_LOCKED",
    `${path}: expected no other run in this folder, got one by ${who}. Wait for it, set another ` +
      "output_dir, or remove the file if that process is gone.",
  );
}
