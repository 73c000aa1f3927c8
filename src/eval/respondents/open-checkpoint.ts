import { loadModel } from "../../checkpoint/load-model.ts";
import { findModel } from "../../checkpoint/model-folder.ts";
import type { DeviceSpec } from "../../contracts/recipe.ts";
import type { Respondent } from "../../harness/respondent.ts";
import { loadTokenizer } from "../../tokenizer/tokenizer.ts";
import { hashModel } from "../model-hash.ts";
import { type LocalModel, localRespondent } from "./local.ts";

/** Loads a checkpoint, or an adapter on its base, as a respondent that owns it. Throws CheckpointError. */
export async function openCheckpoint({
  dir,
  base,
  device,
  ...settings
}: { dir: string; base?: string; device: DeviceSpec } & Pick<
  LocalModel,
  "maxLength" | "batchSize" | "note"
>): Promise<Respondent> {
  const sha256 = await hashModel({ dir, ...(base !== undefined && { base }) });
  const tokenizer = await loadTokenizer((await findModel(dir, base)).tokenizer);
  const model = await loadModel(dir, { device, base });
  const respondent = await localRespondent({ model, tokenizer, sha256, ...settings });
  return { ...respondent, [Symbol.asyncDispose]: () => model[Symbol.asyncDispose]() };
}
