import { readFile } from "node:fs/promises";
import { type StageName, stageOrder } from "../../contracts/events.ts";
import type { Recipe } from "../../contracts/recipe.ts";
import { stagePaths } from "../../contracts/run-folder.ts";
import { inputHash } from "../../run/state/input-hash.ts";
import { completeRecord, type StageRecord } from "../../run/state/record.ts";

/** What is known of a stage before it runs. */
export interface StagePlan {
  stage: StageName;
  /** It is complete for this recipe, so a run leaves it as it is. */
  isDone: boolean;
  /** How long it took when it last ran in this folder; null: it never has. */
  lastMs: number | null;
}

/** The stages of a recipe, in order, as they stand in its run folder. Nothing is written. */
export async function stagePlans(recipe: Recipe, runDir: string): Promise<StagePlan[]> {
  const plans: StagePlan[] = [];
  for (const stage of stageOrder) {
    const record = await completeRecord(runDir, stage, await inputHash(stage, recipe));
    const last = record ?? (await lastRecord(runDir, stage));
    plans.push({ stage, isDone: record !== undefined, lastMs: last?.durationMs ?? null });
  }
  return plans;
}

/** Of a stage that was complete with other inputs. */
async function lastRecord(runDir: string, stage: StageName): Promise<StageRecord | undefined> {
  const text = await readFile(stagePaths(runDir, stage).record, "utf8").catch(() => "null");
  try {
    return (JSON.parse(text) as StageRecord | null) ?? undefined;
  } catch {
    return undefined; // damaged: as if it were not there
  }
}
