import { constants, existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import type { EventOf, StageName } from "../../contracts/events.ts";
import { runPaths, stagePaths } from "../../contracts/run-folder.ts";
import { ZebraError } from "../../errors.ts";
import { writeFileAtomic } from "../../files.ts";

/** Events that are shown again when a stage is skipped: its results. */
export type KeptEvent = EventOf<"eval.result" | "eval.difference" | "ledger">;

/** `stage.json` in the stage's folder, written when the stage is complete. */
export interface StageRecord {
  stage: StageName;
  inputHash: string;
  durationMs: number;
  summary: Record<string, string | number>;
  results: KeptEvent[];
}

/**
 * `<runDir>/stages.json`: for each stage's folder, the hash of the inputs it was started with. This tells
 * folders made by a run from the user's own, which are never removed, and unfinished work that can be
 * continued from work with other inputs.
 */
type Begun = Partial<Record<StageName | Previous, string>>;
/** A folder beside the stage's folder, with results from other inputs. */
type Previous = `${StageName}.previous`;

/** The record of a stage, if it is complete with these inputs and its outputs still exist. */
export async function completeRecord(
  runDir: string,
  stage: StageName,
  inputHash: string,
): Promise<StageRecord | undefined> {
  const record = await readJson<StageRecord>(stagePaths(runDir, stage).record);
  if (record?.inputHash !== inputHash) return undefined;
  const outputs = await readdir(stagePaths(runDir, stage).result).catch((error: NodeJS.ErrnoException) =>
    error.code === "ENOTDIR" ? ["a file"] : [],
  );
  return outputs.length > 0 ? record : undefined;
}

/**
 * Prepares a stage's folder.
 *
 * - Unfinished work with the same inputs stays, so that the stage can continue it.
 * - Complete results from other inputs move to a folder beside it until this stage is complete. They come
 *   back when a run has those inputs again: see `restorePrevious`. They replace older ones there.
 * - Unfinished work with other inputs moves there too, or is removed (`removed`) when that place is taken.
 *
 * Throws ZebraError E_FOREIGN_FOLDER for a folder that no run made.
 */
export async function beginStage(
  runDir: string,
  stage: StageName,
  inputHash: string,
): Promise<{ previous: string | undefined; removed: boolean }> {
  const begun = await readBegun(runDir);
  const { folder, previous, record } = stagePaths(runDir, stage);
  const key: Previous = `${stage}.previous`;
  let removed = false;
  if (begun[stage] === undefined) await refuseForeign(folder);
  else if (begun[stage] !== inputHash && existsSync(folder)) {
    if (begun[key] === undefined) await refuseForeign(previous);
    if (begun[key] === undefined || (await completeRecord(runDir, stage, begun[stage]))) {
      // Written before the folder is moved: if the process is killed in between, the folder still counts as a
      // run's.
      begun[key] = begun[stage];
      await writeJson(runPaths(runDir).stages, begun);
      await rm(previous, { recursive: true, force: true });
      await rename(folder, previous);
    } else {
      await rm(folder, { recursive: true, force: true });
      removed = true;
    }
  }
  await rm(record, { force: true });
  begun[stage] = inputHash;
  await writeJson(runPaths(runDir).stages, begun);
  const isThere = existsSync(previous) && begun[key] !== undefined;
  return { previous: isThere ? previous : undefined, removed };
}

/**
 * Brings back results with these inputs from the folder beside the stage's folder, unless the stage's own
 * folder was started with the same inputs. The two folders change places.
 */
export async function restorePrevious(runDir: string, stage: StageName, inputHash: string): Promise<void> {
  const begun = await readBegun(runDir);
  const { folder, previous } = stagePaths(runDir, stage);
  const key: Previous = `${stage}.previous`;
  if (begun[stage] === inputHash || begun[key] !== inputHash || !existsSync(previous)) return;
  const aside = `${previous}.tmp`;
  if (existsSync(folder)) {
    await rm(aside, { recursive: true, force: true });
    await rename(folder, aside);
  }
  await rename(previous, folder);
  if (existsSync(aside)) await rename(aside, previous);
  await writeJson(runPaths(runDir).stages, { ...begun, [stage]: inputHash, [key]: begun[stage] });
}

/** Marks a stage complete and removes the results from other inputs. */
export async function writeRecord(runDir: string, record: StageRecord): Promise<void> {
  await writeJson(stagePaths(runDir, record.stage).record, record);
  await dropPrevious(runDir, record.stage);
}

async function dropPrevious(runDir: string, stage: StageName): Promise<void> {
  const { [`${stage}.previous` as Previous]: previous, ...begun } = await readBegun(runDir);
  if (previous === undefined) return;
  await rm(stagePaths(runDir, stage).previous, { recursive: true, force: true });
  await writeJson(runPaths(runDir).stages, begun);
}

/**
 * Copies a complete stage with its record from another run; by reference where the file system supports it.
 */
export async function copyStage(
  fromDir: string,
  toDir: string,
  stage: StageName,
  inputHash: string,
): Promise<void> {
  await mkdir(toDir, { recursive: true });
  await beginStage(toDir, stage, inputHash);
  const { folder } = stagePaths(toDir, stage);
  const temporary = `${folder}.tmp`;
  await rm(temporary, { recursive: true, force: true });
  await cp(stagePaths(fromDir, stage).folder, temporary, {
    recursive: true,
    mode: constants.COPYFILE_FICLONE,
  });
  await rm(folder, { recursive: true, force: true });
  await rename(temporary, folder);
  await dropPrevious(toDir, stage);
}

async function refuseForeign(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  if (entries.length === 0) return;
  throw new ZebraError(
    "E_FOREIGN_FOLDER",
    `${folder}: expected no folder or one that a run made, got other files. Set another output_dir, or ` +
      "move them away.",
  );
}

async function readBegun(runDir: string): Promise<Begun> {
  return (await readJson<Begun>(runPaths(runDir).stages)) ?? {};
}

/** Undefined when the file does not exist or is not JSON: both mean that nothing is known. */
async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as T;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}
