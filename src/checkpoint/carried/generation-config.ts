import { stat } from "node:fs/promises";
import { join } from "node:path";
import { CheckpointError } from "../../errors.ts";
import type { ZebraConfig } from "../../model/config/config.ts";
import { generationConfigFile } from "../../tokenizer-file-names.ts";
import { readJsonObject } from "../json-file.ts";
import type { ModelFolder } from "../model-folder.ts";

/**
 * The ids that end a generation as a model's files have them: generation_config.json's, which transformers
 * stops at, and config.json's. What config.json does not say counts only where the other says nothing either:
 * a default of the model type (2) is an ordinary token in many vocabularies. `path`: where config.json is.
 */
export async function modelEnds(
  folder: Omit<ModelFolder, "adapter">,
  config: Pick<ZebraConfig, "eos_token_id">,
  path = join(folder.checkpoint, "config.json"),
): Promise<number[]> {
  const own = await readGenerationConfig(folder);
  const written = idsIn(own, generationConfigFile);
  written.push(...idsIn(await readJsonObject(path), path));
  return [...new Set(written.length > 0 ? written : [config.eos_token_id ?? []].flat())];
}

/**
 * generation_config.json beside the tokenizer (an adapter may bring both), else beside the weights; {} where
 * there is none. Throws CheckpointError for one that is no JSON object.
 */
export async function readGenerationConfig({
  tokenizer,
  checkpoint,
}: Omit<ModelFolder, "adapter">): Promise<Record<string, unknown>> {
  for (const dir of new Set([tokenizer, checkpoint])) {
    const path = join(dir, generationConfigFile);
    if (await stat(path).catch(() => undefined)) {
      const read = await readJsonObject(path);
      idsIn(read, path);
      return read;
    }
  }
  return {};
}

function idsIn({ eos_token_id: ids }: Record<string, unknown>, where: string): number[] {
  const list = ids === null || ids === undefined ? [] : [ids].flat();
  if (list.every((id) => typeof id === "number" && Number.isInteger(id) && id >= 0)) return list as number[];
  throw new CheckpointError(
    `${where}: eos_token_id: expected a token id or a list of them, got ${JSON.stringify(ids)}. ` +
      "Copy the file from the model's page again.",
  );
}

/**
 * What a tuned model's generation_config.json says: the base's with all the ids that end a generation now, or
 * the tokens of the config where the base has none.
 */
export function tunedGenerationConfig(
  base: Readonly<Record<string, unknown>>,
  { bos_token_id, pad_token_id }: ZebraConfig,
  stopIds: readonly number[],
): Record<string, unknown> {
  const own =
    Object.keys(base).length > 0
      ? base
      : { ...(bos_token_id !== null && { bos_token_id }), ...(pad_token_id !== null && { pad_token_id }) };
  if (stopIds.length === 0) return own;
  return { ...own, eos_token_id: stopIds.length === 1 ? stopIds[0] : stopIds };
}
