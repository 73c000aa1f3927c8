import { stringify } from "yaml";
import type { Recipe } from "../contracts/recipe.ts";
import { writeFileAtomic } from "../files.ts";

/** The resolved recipe as YAML, every default written out. Loading it gives the same recipe. */
export function formatRecipe(recipe: Recipe): string {
  return `# What this run used: the recipe with overrides and defaults filled in.\n${stringify(recipe)}`;
}

/** Writes `formatRecipe` to a file. */
export async function writeRecipe(path: string, recipe: Recipe): Promise<void> {
  await writeFileAtomic(path, formatRecipe(recipe));
}
