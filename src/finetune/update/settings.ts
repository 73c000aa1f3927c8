import type { FinetuneSpec } from "../../contracts/recipe.ts";
import { ConfigError } from "../../errors.ts";
import { readOptions } from "../../recipe/options.ts";
import { mapping } from "../../schema.ts";
import { defaultOptimizer, type OptimizerName, optimizerCatalog } from "../optimizers/index.ts";
import type { OptimizerOptions, OptimizerRule } from "./rule.ts";

/** An optimizer and all that stays the same over its steps. */
export interface OptimizerSettings {
  name: OptimizerName;
  rule: OptimizerRule;
  options: OptimizerOptions;
  /** Of matrices; what has one dimension does not decay. */
  weightDecay: number;
  /** The gradient of a step is scaled down to this norm; 0: never. */
  maxGradNorm: number;
}

/** The settings in a recipe's `finetune`. Throws ConfigError for an unknown optimizer or option. */
export function settingsOf(finetune: FinetuneSpec): OptimizerSettings {
  const { optimizer: name, optimizer_options, weight_decay, max_grad_norm } = finetune;
  if (!isOptimizer(name)) {
    const known = Object.keys(optimizerCatalog).join(", ");
    throw new ConfigError("finetune.optimizer", [`expected one of ${known}, got ${name}`]);
  }
  const options: Record<string, unknown> = { ...optimizer_options };
  const { recipeKeys }: OptimizerRule = optimizerCatalog[name];
  for (const [option, key] of Object.entries(recipeKeys)) if (key) options[option] = finetune[key];
  return optimizerSettings(name, { options, weight_decay, max_grad_norm });
}

/** The same from options by the optimizer's own names; what is left out has its default. */
export function optimizerSettings(
  name: OptimizerName = defaultOptimizer,
  given: { options?: OptimizerOptions; weight_decay?: number; max_grad_norm?: number } = {},
): OptimizerSettings {
  const rule: OptimizerRule = optimizerCatalog[name];
  const problems: string[] = [];
  const schema = mapping(rule.options.properties);
  const options = readOptions(schema, given.options, "finetune.optimizer_options", problems);
  if (options === null) throw new ConfigError("finetune.optimizer_options", problems);
  const { weight_decay: weightDecay = 0, max_grad_norm: maxGradNorm = 1 } = given;
  return { name, rule, options, weightDecay, maxGradNorm };
}

function isOptimizer(name: string): name is OptimizerName {
  return Object.hasOwn(optimizerCatalog, name);
}
