import type { OptimizerRule } from "../update/rule.ts";
import { adamw } from "./adamw.ts";
import { lion } from "./lion.ts";

/** Every optimizer, by its name in a recipe: one file and one line each. */
export const optimizerCatalog = {
  adamw,
  lion,
} as const satisfies Record<string, OptimizerRule>;

export type OptimizerName = keyof typeof optimizerCatalog;

/** The recipe's default, and what checkpoints without the name of an optimizer were written with. */
export const defaultOptimizer: OptimizerName = "adamw";
