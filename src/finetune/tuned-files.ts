import { dirname, resolve } from "node:path";
import type { Tuned } from "../checkpoint/carried/carry.ts";
import {
  modelEnds,
  readGenerationConfig,
  tunedGenerationConfig,
} from "../checkpoint/carried/generation-config.ts";
import { findModel } from "../checkpoint/model-folder.ts";
import type { ModelSpec } from "../contracts/recipe.ts";
import type { ZebraConfig } from "../model/config/config.ts";
import { stopIdsOf } from "../tokenizer/ends/stop-ids.ts";
import { loadTokenizer } from "../tokenizer/tokenizer.ts";

/**
 * The files that a training changes: the chat template that the recipe chose, and generation_config.json with
 * every end that generation stops at, the one of trained answers among them. Throws CheckpointError.
 */
export async function tunedFiles(model: ModelSpec, config: ZebraConfig): Promise<Tuned> {
  const { checkpoint, tokenizer: dir } = model.checkpoint
    ? await findModel(model.checkpoint, model.base)
    : { checkpoint: dirname(resolve(model.config!)), tokenizer: resolve(model.tokenizer!) };
  const folder = { checkpoint, tokenizer: dir };
  const tokenizer = await loadTokenizer(dir, { chatTemplate: model.chat_template });
  const path = model.checkpoint ? undefined : resolve(model.config!);
  const stopIds = await stopIdsOf(await modelEnds(folder, config, path), tokenizer);
  return {
    chatTemplate: tokenizer.chatTemplate,
    generationConfig: tunedGenerationConfig(await readGenerationConfig(folder), config, stopIds),
  };
}
