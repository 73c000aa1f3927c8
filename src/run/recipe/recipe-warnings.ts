import { join, resolve } from "node:path";
import { modelFile } from "../../checkpoint/file-names.ts";
import { readJsonObject } from "../../checkpoint/json-file.ts";
import { findModel } from "../../checkpoint/model-folder.ts";
import type { Recipe } from "../../contracts/recipe.ts";
import { formatCount } from "../../format.ts";

/**
 * What a recipe may do but a user should know before it runs. Throws what `findModel` throws and
 * CheckpointError for a damaged config.json.
 */
export async function recipeWarnings(recipe: Recipe): Promise<string[]> {
  const positions = await positionsOf(recipe);
  const tokens = recipe.mix.max_seq_tokens;
  if (positions === undefined || tokens <= positions) return [];
  const numbers =
    `mix.max_seq_tokens is ${formatCount(tokens)}, but the model says that it has seen at most ` +
    `${formatCount(positions)} tokens (max_position_embeddings)`;
  return recipe.finetune.objective === "instruct"
    ? [`${numbers}: adapt it first (finetune.objective: lcat), or set mix.max_seq_tokens=${positions}`]
    : [`${numbers}: this run adapts it, best in steps of a few times the length`];
}

async function positionsOf({ model }: Recipe): Promise<number | undefined> {
  const config =
    model.checkpoint === undefined
      ? model.config!
      : join((await findModel(model.checkpoint, model.base)).checkpoint, modelFile.config);
  const { max_position_embeddings: positions } = await readJsonObject(resolve(config));
  return typeof positions === "number" ? positions : undefined;
}
