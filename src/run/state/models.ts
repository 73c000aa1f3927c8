import { resolve } from "node:path";
import { findModel } from "../../checkpoint/model-folder.ts";
import type { Recipe } from "../../contracts/recipe.ts";
import { runPaths, trainPaths } from "../../contracts/run-folder.ts";

/** A checkpoint to evaluate, with the label used in the results. */
export interface LabelledModel {
  label: string;
  dir: string;
  /** For an adapter in `dir`: its base model, if not the one that its config names. */
  base?: string;
}

/**
 * The absolute path of the folder with the tokenizer of the recipe's model. Throws CheckpointError as
 * `findModel`.
 */
export async function tokenizerDirOf({ model }: Recipe): Promise<string> {
  if (model.checkpoint === undefined) return resolve(model.tokenizer ?? ".");
  return (await findModel(model.checkpoint, model.base)).tokenizer;
}

/**
 * The models that a run's evaluation compares: the checkpoint it started from, if any, and the one it made.
 */
export function modelsOf(recipe: Recipe, runDir: string): LabelledModel[] {
  const after = { label: "after", dir: trainPaths(runPaths(runDir).train).final };
  const { checkpoint, base } = recipe.model;
  if (checkpoint === undefined) return [after];
  return [{ label: "before", dir: resolve(checkpoint), ...(base !== undefined && { base }) }, after];
}
