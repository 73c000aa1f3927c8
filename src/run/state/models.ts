import { resolve } from "node:path";
import { findModel } from "../../checkpoint/model-folder.ts";
import type { Recipe } from "../../contracts/recipe.ts";
import { runPaths, trainPaths } from "../../contracts/run-folder.ts";
import { hasOwnTemplate } from "../../tokenizer/chat/template.ts";

/** A checkpoint to evaluate, with the label used in the results. */
export interface LabelledModel {
  label: string;
  dir: string;
  /** For an adapter in `dir`: its base model, if not the one that its config names. */
  base?: string;
  /** A chat template in place of the tokenizer's own, as `model.chat_template` names it. */
  chatTemplate?: string;
}

/**
 * The absolute path of the folder with the tokenizer of the recipe's model. Throws CheckpointError as
 * `findModel`.
 */
export async function tokenizerDirOf({ model }: Recipe): Promise<string> {
  if (model.checkpoint === undefined) return resolve(model.tokenizer ?? ".");
  return (await findModel(model.checkpoint, model.base)).tokenizer;
}

/** Models named on the command line. Those without a chat template of their own take the recipe's. */
export async function withTemplates(
  models: readonly LabelledModel[],
  { model: { chat_template: chatTemplate } }: Recipe,
): Promise<LabelledModel[]> {
  if (chatTemplate === undefined) return [...models];
  return Promise.all(
    models.map(async (model) => {
      const { tokenizer } = await findModel(model.dir, model.base);
      return (await hasOwnTemplate(tokenizer)) ? model : { ...model, chatTemplate };
    }),
  );
}

/**
 * The models that a run's evaluation compares: the checkpoint it started from, if any, and the one it made.
 */
export function modelsOf(recipe: Recipe, runDir: string): LabelledModel[] {
  const after = { label: "after", dir: trainPaths(runPaths(runDir).train).final };
  const { checkpoint, base, chat_template: chatTemplate } = recipe.model;
  if (checkpoint === undefined) return [after];
  const before = {
    label: "before",
    dir: resolve(checkpoint),
    ...(base !== undefined && { base }),
    ...(chatTemplate !== undefined && { chatTemplate }),
  };
  return [before, after];
}
