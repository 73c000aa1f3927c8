import type { Recipe } from "../../src/contracts/recipe.ts";

/** The work that the recipe asks for, as far as it is known before it is done. */
export interface Work {
  /** Steps from one validation to the next; 0: none between the first and the last. */
  readonly validateEvery: number;
  /** Items of each benchmark; those without a limit have their own, about 40. */
  readonly items: readonly number[];
  /** How many models are asked. */
  readonly models: number;
}

const usualItems = 40;

export function workOf(recipe: Pick<Recipe, "finetune" | "eval">, models = 2): Work {
  return {
    validateEvery: recipe.finetune.validate_every_steps,
    items: recipe.eval.benchmarks.map(({ limit }) => limit ?? usualItems),
    models,
  };
}
