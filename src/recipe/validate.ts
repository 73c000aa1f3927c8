import type { TSchema } from "@sinclair/typebox";
import type { ErrorObject } from "ajv";
import { compileSchema } from "../ajv.ts";
import { recipeSchema, type WrittenRecipe } from "../contracts/recipe.ts";
import { expectation } from "./expectation.ts";
import { nearest } from "./nearest.ts";
import type { Path } from "./source.ts";
import { foreignValue, type Instead, unknownKey } from "./unknown-key.ts";

/** Something wrong at a place of the recipe. */
export interface Problem {
  path: Path;
  /** `expected …, got …`, or what else is wrong there. */
  message: string;
  instead?: Instead;
}

/** Checks a recipe against its schema and fills its defaults in, in place. Returns it, or every problem. */
export function validateRecipe(value: unknown): { recipe: WrittenRecipe } | { problems: Problem[] } {
  const fits = compileSchema("settings", recipeSchema);
  if (fits(value)) return { recipe: value };
  const problems = new Map<string, Problem>();
  for (const error of fits.errors ?? []) {
    const problem = describe(error);
    const key = problem.path.join(".");
    if (!problems.has(key)) problems.set(key, problem);
  }
  return { problems: [...problems.values()] };
}

function describe(error: ErrorObject): Problem {
  const path = parsePointer(error.instancePath);
  const schema = error.parentSchema as TSchema;
  if (error.keyword === "additionalProperties") {
    const { additionalProperty: key } = error.params as { additionalProperty: string };
    const value = (error.data as Record<string, unknown>)[key];
    const at = [...path, key];
    return { path: at, ...unknownKey(at, value, Object.keys(schema.properties ?? {})) };
  }
  if (error.keyword === "required") {
    const { missingProperty: key } = error.params as { missingProperty: string };
    return { path: [...path, key], message: `expected ${expectation(schema.properties[key])}, got nothing` };
  }
  const got = show(error.data);
  return { path, message: `expected ${expectation(schema)}, got ${got}${hintFor(path, error)}` };
}

/** What a value that does not fit was likely to mean: a word misspelt, or how another tool says it. */
function hintFor(path: Path, { keyword, data, parentSchema }: ErrorObject): string {
  const known = keyword === "enum" ? ((parentSchema as TSchema).enum as unknown[]).map(String) : [];
  const near = typeof data === "string" ? nearest(data, known) : undefined;
  if (near !== undefined) return `; did you mean ${near}?`;
  const meant = foreignValue(path, data);
  return meant === undefined ? "" : `; write ${show(meant)}`;
}

function show(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function parsePointer(pointer: string): Path {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
