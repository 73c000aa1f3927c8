import type { FinetuneSpec } from "../contracts/recipe.ts";
import { defaultOptimizer } from "./optimizers/index.ts";

/**
 * `finetune` as hashes see it. The default optimizer is left out, so that a run which was begun before these
 * keys existed is still the same run.
 */
export function hashedSpec(finetune: FinetuneSpec): Partial<FinetuneSpec> {
  const { optimizer, optimizer_options, ...others } = finetune;
  const isDefault = optimizer === defaultOptimizer && Object.keys(optimizer_options).length === 0;
  return isDefault ? others : finetune;
}
