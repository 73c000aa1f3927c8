import type { Recipe } from "../contracts/recipe.ts";
import { ConfigError } from "../errors.ts";
import type { RecipeSource } from "../recipe/source.ts";
import { validateRecipe } from "../recipe/validate.ts";
import { knownNames } from "../run/recipe/known-names.ts";
import { loadRecipe, resolveRecipe } from "../run/recipe/load-recipe.ts";
import { fromBase, withBase } from "./base-dir.ts";
import type { RecipeInput } from "./recipe/recipe.ts";

/**
 * A recipe as an object: the keys are those of a YAML recipe, with types, literals and descriptions. Returns
 * it as it is. Throws ConfigError with every unknown key and every value that does not fit, each by its path.
 * Names of a catalog, their options and files are checked when it is run (or by `checkRecipe`), before any
 * work.
 */
export function defineRecipe(recipe: RecipeInput): RecipeInput {
  const checked = validateRecipe(plainCopy(recipe));
  const problems = "problems" in checked ? checked.problems : [];
  const nameless = nameProblem(recipe);
  const all = [...nameless, ...problems.map(({ path, message }) => lineOf(path, message))];
  if (all.length > 0) throw new ConfigError(whereOf(recipe), all, hint);
  return recipe;
}

/**
 * Everything that is wrong with a recipe, found without running it: a recipe object or the path of a YAML
 * file. Returns it with all defaults filled in. Relative paths start at `baseDir`, by default the working
 * directory. Throws ConfigError with all problems.
 */
export async function checkRecipe(
  recipe: RecipeInput | string,
  { baseDir }: { baseDir?: string | undefined } = {},
): Promise<Recipe> {
  if (typeof recipe === "string") {
    const path = baseDir === undefined ? recipe : fromBase("recipe", recipe, baseDir);
    if (baseDir === undefined) return loadRecipe(path);
    const { readRecipeSource } = await import("../recipe/source.ts");
    const source = await readRecipeSource(path);
    return resolveRecipe({ ...source, value: withBase(source.value, baseDir) }, [], await knownNames());
  }
  defineRecipe(recipe);
  const copy = plainCopy(recipe);
  const value = baseDir === undefined ? copy : withBase(copy, baseDir);
  const source: RecipeSource = { file: whereOf(recipe), value, lineOf: () => 0 };
  return resolveRecipe(source, [], await knownNames());
}

const hint = "The keys are those of a YAML recipe: docs/recipes.md, or your editor's completion.";

/** Two recipes without a name would share a run folder: a file's name is its own, an object has none. */
function nameProblem(recipe: RecipeInput): string[] {
  const name: unknown = typeof recipe === "object" && recipe !== null ? recipe.name : "";
  return name === undefined ? ["name: expected a name for the run, got nothing"] : [];
}

function lineOf(path: readonly (string | number)[], message: string): string {
  return path.length === 0 ? message : `${path.join(".")}: ${message}`;
}

function whereOf(recipe: RecipeInput): string {
  const name: unknown = recipe?.name;
  return typeof name === "string" && name !== "" ? `recipe ${name}` : "recipe";
}

/** A copy to fill defaults into. Keys that are undefined are left out, as in JSON. */
function plainCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainCopy);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(entries.map(([key, entry]) => [key, plainCopy(entry)]));
}
