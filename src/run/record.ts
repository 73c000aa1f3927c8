import { constants, existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import type { RunEvent, StageName } from "../contracts/events.ts";
import { runPaths, stagePaths } from "../contracts/run-folder.ts";
import { ZebraError } from "../errors.ts";
import { writeFileAtomic } from "../files.ts";

/** Events worth showing again when a stage is not run again: its results. */
export type KeptEvent = Extract<RunEvent, { type: "eval.result" | "eval.difference" | "ledger" }>;

/** `<stage folder>/stage.json`: written once a stage is complete. */
export interface StageRecord {
  stage: StageName;
  inputHash: string;
  durationMs: number;
  summary: Record<string, string | number>;
  results: KeptEvent[];
}

/**
 * `<runDir>/stages.json`: the input hash that each stage's folder was begun with. It tells a run's folders from
 * a user's own, which are never removed, and unfinished work that can go on from work that is out of date.
 */
type Begun = Partial<Record<StageName | Previous, string>>;
/** Beside a stage's folder, what was made with other inputs. */
type Previous = `${StageName}.previous`;

/** The record of a stage that is complete with these inputs and whose outputs are still there. */
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
 * Makes a stage's folder ready; unfinished work with the same inputs stays, so that the stage can go on with it. What
 * was made with other inputs is moved beside it until this stage is complete, and is taken back when a run has its
 * inputs again: see `restorePrevious`. Where there is such a folder already, unfinished work goes (`removed`), and what
 * is complete takes its place. Throws ZebraError E_FOREIGN_FOLDER for a folder that no run made.
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
      // First what is known, then what is there: killed in between, the folder is still one that a run made.
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
 * Takes back what was made with these inputs before others were tried, if it is there and nothing is in the stage's
 * folder with these; what was made with the others changes places with it.
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

/** Marks a stage complete. What was made with other inputs goes. */
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

/** Takes a complete stage of another run over, with its record; where the file system can, without its bytes. */
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
    `${folder}: expected no folder or one that a run made, got other files. Set another output_dir, or move them away.`,
  );
}

async function readBegun(runDir: string): Promise<Begun> {
  return (await readJson<Begun>(runPaths(runDir).stages)) ?? {};
}

/** Undefined when there is no such file, or it is no JSON: both mean that nothing is known. */
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
