import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { parse } from "yaml";
import { type EventOf, type RunEvent, type StageName, stageOrder } from "../contracts/events.ts";
import type { Recipe } from "../contracts/recipe.ts";
import { dataPaths, evalPaths, mixPaths, runPaths, stagePaths, trainPaths } from "../contracts/run-folder.ts";
import type { DataManifest } from "../datasets/folder/data-folder.ts";
import type { MixManifest } from "../mixing/manifest.ts";
import type { Results } from "./results/results.ts";

/** What the stages have left in the folder of a run; what is not there is undefined or empty. */
export interface RunFacts {
  recipe: Recipe | undefined;
  data: DataManifest | undefined;
  mix: MixManifest | undefined;
  /** `train.step` and `train.validation` events. */
  training: RunEvent[];
  results: Results | undefined;
  /** The records of complete stages. */
  stages: Partial<Record<StageName, StageFacts>>;
}

/** What is read of a stage's `stage.json`. */
export interface StageFacts {
  durationMs: number;
  summary: Record<string, string | number>;
  /** What was kept and dropped, by dataset. */
  ledger: EventOf<"ledger">[];
}

/**
 * Reads what these stages have left. Others are left out, as what they have left may be of other inputs. In
 * the folder of a comparison, the recipe is the one of the run above it.
 */
export async function readRunFacts(runDir: string, of: readonly StageName[] = stageOrder): Promise<RunFacts> {
  const paths = runPaths(runDir);
  const above = runPaths(dirname(runDir));
  const isCompared = runDir === above.compare;
  const recipeText = await readText(isCompared ? above.recipe : paths.recipe);
  const stages: RunFacts["stages"] = {};
  for (const stage of of) {
    const record = await readJson<RecordFile>(stagePaths(runDir, stage).record);
    if (!record) continue;
    const ledger = record.results.filter((event) => event.type === "ledger");
    stages[stage] = { durationMs: record.durationMs, summary: record.summary, ledger };
  }
  return {
    recipe: recipeText === undefined ? undefined : (parse(recipeText) as Recipe),
    data: of.includes("data") ? await readJson<DataManifest>(dataPaths(paths.data).manifest) : undefined,
    mix: of.includes("mix") ? await readJson<MixManifest>(mixPaths(paths.mix).manifest) : undefined,
    training: of.includes("finetune") ? await readMetrics(trainPaths(paths.train).metrics) : [],
    results: of.includes("eval") ? await readJson<Results>(evalPaths(paths.eval).results) : undefined,
    stages,
  };
}

/** The name that people know a run by: that of its folder. */
export function runName(runDir: string): string {
  const isCompared = runDir === runPaths(dirname(runDir)).compare;
  return isCompared ? `${basename(dirname(runDir))}: compared` : basename(runDir);
}

interface RecordFile {
  durationMs: number;
  summary: Record<string, string | number>;
  results: RunEvent[];
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
}

async function readJson<T>(path: string): Promise<T | undefined> {
  const text = await readText(path);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

/** The events of training, without a last line that a crash left incomplete. */
async function readMetrics(path: string): Promise<RunEvent[]> {
  const text = (await readText(path)) ?? "";
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as RunEvent);
}
