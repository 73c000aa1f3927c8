import { resolve } from "node:path";
import { findModel } from "../checkpoint/model-folder.ts";
import type { Recipe } from "../contracts/recipe.ts";
import { runPaths, trainPaths } from "../contracts/run-folder.ts";

/** A checkpoint to evaluate, under the label that results carry. */
export interface LabelledModel {
  label: string;
  dir: string;
  /** The model that an adapter at `dir` belongs to, instead of what its config says. */
  base?: string;
}

/** Folder with the tokenizer that the recipe's model uses, absolute. Throws CheckpointError as `findModel` does. */
export async function tokenizerDirOf({ model }: Recipe): Promise<string> {
  if (model.checkpoint === undefined) return resolve(model.tokenizer ?? ".");
  return (await findModel(model.checkpoint, model.base)).tokenizer;
}

/** What a run's evaluation compares: the checkpoint it started from, if any, and the one it made. */
export function modelsOf(recipe: Recipe, runDir: string): LabelledModel[] {
  const after = { label: "after", dir: trainPaths(runPaths(runDir).train).final };
  const { checkpoint, base } = recipe.model;
  if (checkpoint === undefined) return [after];
  return [{ label: "before", dir: resolve(checkpoint), ...(base !== undefined && { base }) }, after];
}
