import type { Recipe } from "../../src/contracts/recipe.ts";

/** The work that the recipe asks for, as far as it is known before it is done. */
export interface Work {
  /** Steps from one validation to the next; 0: none between the first and the last. */
  readonly validateEvery: number;
  /** Items of each benchmark and of what `eval.tasks` names; those without a limit have their own. */
  readonly items: readonly number[];
  /** How many models are asked. */
  readonly models: number;
}

/** Where nothing says how many. */
export const usualItems = 40;

export function workOf(recipe: Pick<Recipe, "finetune" | "eval">, models = 2): Work {
  const { benchmarks, tasks, harness } = recipe.eval;
  const first = harness.limit !== null && harness.limit >= 1 ? harness.limit : null;
  const rows = first ?? harness.sample ?? usualItems;
  return {
    validateEvery: recipe.finetune.validate_every_steps,
    items: [...benchmarks.map(({ limit }) => limit ?? usualItems), ...tasks.map(() => rows)],
    models,
  };
}
