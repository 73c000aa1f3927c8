import { basename, extname } from "node:path";
import type { DataSpec, ModelSpec, Recipe, WrittenRecipe } from "../../contracts/recipe.ts";
import { ConfigError } from "../../errors.ts";
import { shippedOrLocal } from "../../package-root.ts";
import { quoteForShell } from "../../quote.ts";
import { foreignTools, toolOf } from "../../recipe/foreign/index.ts";
import { applyOverride, type Override, parseOverride } from "../../recipe/override.ts";
import { type Path, type RecipeSource, readRecipeSource } from "../../recipe/source.ts";
import { written } from "../../recipe/unknown-key.ts";
import { type Problem, validateRecipe } from "../../recipe/validate.ts";
import { crossCheck, type Known } from "./check-recipe.ts";
import { knownNames } from "./known-names.ts";

/**
 * Reads a recipe: YAML, then `key.path=value` overrides, then schema and defaults, then what a schema cannot
 * say. Recipes and checkpoints that ship go by their names, too; `note` is told where a file of one's own is
 * taken in place of such a one. Throws one ConfigError with all problems, each `<file>:<line>: <key.path>:
 * expected <x>, got <y>`.
 */
export async function loadRecipe(
  path: string,
  overrides: readonly string[] = [],
  note: (message: string) => void = () => {},
): Promise<Recipe> {
  const source = await readRecipeSource(path, note);
  return resolveRecipe(source, overrides, await knownNames(), note);
}

/** `loadRecipe` for a source already read, with the names that it may refer to. */
export async function resolveRecipe(
  source: RecipeSource,
  overrides: readonly string[],
  known: Known,
  note: (message: string) => void = () => {},
): Promise<Recipe> {
  const value = source.value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigError(source.file, [
      `${source.file}:1: expected a mapping with model and data, got another value`,
    ]);
  }
  const root = value as Record<string, unknown>;
  const problems: string[] = [];
  const applied: Override[] = [];
  for (const text of overrides) {
    const override = parseOverride(text);
    const problem = typeof override === "string" ? override : applyOverride(root, override);
    if (problem !== undefined) problems.push(problem);
    else if (typeof override !== "string") applied.push(override);
  }
  const checked = validateRecipe(root);
  const found = "problems" in checked ? checked.problems : [];
  const named = withNames("problems" in checked ? soundPart(root, found) : checked.recipe, source.file);
  const recipe = { ...named, model: withShipped(named.model, note) };
  const crossed = await crossCheck(recipe, known);
  found.push(
    ...crossed.filter(({ path }) => !found.some((f) => startsWith(f.path, path) || startsWith(path, f.path))),
  );
  found.sort((a, b) => source.lineOf(a.path) - source.lineOf(b.path));
  problems.push(...found.map((problem) => located(problem, source, applied)));
  if (problems.length > 0) {
    throw new ConfigError(source.file, problems, hintOf(source));
  }
  return recipe;
}

function hintOf({ file, value }: RecipeSource): string {
  const tool = toolOf(Object.keys(value as object));
  if (tool === undefined) return "Every key is described in schema/recipe.schema.json.";
  const command = `zebra import-recipe ${quoteForShell(file)}`;
  return `This looks like a config of ${foreignTools[tool].title}: ${command} writes a recipe from one.`;
}

/**
 * A copy without the values that the schema refuses, so that the other checks can report the rest at the same
 * time. The caller drops what they report about the missing values.
 */
function soundPart(root: Record<string, unknown>, problems: readonly Problem[]): WrittenRecipe {
  const copy = structuredClone(root);
  for (const { path } of problems) {
    let at: unknown = copy;
    for (const step of path.slice(0, -1)) at = (at as Record<string, unknown> | undefined)?.[step];
    const last = path.at(-1) ?? "";
    if (Array.isArray(at)) at[Number(last)] = { name: "" };
    else if (typeof at === "object" && at !== null) {
      const map = at as Record<string, unknown>;
      // An entry without its name is still an entry.
      if (last === "name" && map.name === undefined) map.name = "";
      else delete map[last];
    }
  }
  copy.model ??= {};
  copy.data ??= {};
  (copy.data as Partial<DataSpec>).datasets ??= [];
  validateRecipe(copy);
  // Not whole: what was refused and is needed is not there.
  const part: unknown = copy;
  return part as WrittenRecipe;
}

/** Defaults that depend on other values, so no schema can hold them. */
function withNames(recipe: WrittenRecipe, file: string): Recipe {
  const name = recipe.name ?? fileLabel(file);
  const datasets = recipe.data.datasets.map((dataset) => {
    const place = dataset.path?.replace(/\.(gz|zst)$/i, "") ?? dataset.hub?.replaceAll(".", "-");
    const fallback = dataset.catalog ?? (place === undefined ? "dataset" : fileLabel(place));
    return { ...dataset, name: dataset.name ?? fallback };
  });
  const output_dir = recipe.output_dir ?? `runs/${name}`;
  return { ...recipe, name, output_dir, data: { ...recipe.data, datasets } };
}

/** The model with what ships in place of names and paths at which nothing is found here. */
function withShipped(model: ModelSpec, note: (message: string) => void): ModelSpec {
  const found = { ...model };
  for (const key of ["checkpoint", "base", "config", "tokenizer"] as const) {
    const given = model[key];
    if (typeof given === "string")
      found[key] = shippedOrLocal(given, (text) => note(`model.${key}: ${text}`));
  }
  return found;
}

/** A file's base name, made to fit the pattern that names have (they become folders). */
function fileLabel(path: string): string {
  const base = basename(path, extname(path)).replace(/[^A-Za-z0-9._-]+/g, "-");
  return base.replace(/^[^A-Za-z0-9]+/, "") || "unnamed";
}

function located(problem: Problem, source: RecipeSource, overrides: readonly Override[]): string {
  const where = overrides.findLast((override) => startsWith(problem.path, override.path));
  const line = source.lineOf(problem.path);
  // An object has no lines, and is named above its problems.
  const place = where ? `override ${where.text}: ` : line === 0 ? "" : `${source.file}:${line}: `;
  const instead =
    problem.instead === undefined ? "" : `: ${written(problem.instead, where ? null : problem.path)}`;
  const key = problem.path.length > 0 ? `${problem.path.join(".")}: ` : "";
  return `${place}${key}${problem.message}${instead}`;
}

function startsWith(path: Path, prefix: Path): boolean {
  return prefix.every((step, i) => String(step) === String(path[i]));
}
