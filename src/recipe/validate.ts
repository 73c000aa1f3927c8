import type { TSchema } from "@sinclair/typebox";
import type { ErrorObject } from "ajv";
import { compileSchema } from "../ajv.ts";
import { recipeSchema, type WrittenRecipe } from "../contracts/recipe.ts";
import { nearest, suggestion } from "./nearest.ts";
import type { Path } from "./source.ts";

/** Something wrong at a place of the recipe. */
export interface Problem {
  path: Path;
  /** `expected …, got …`, or what else is wrong there. */
  message: string;
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
    return { path: [...path, key], message: unknownKey(key, Object.keys(schema.properties ?? {})) };
  }
  if (error.keyword === "required") {
    const { missingProperty: key } = error.params as { missingProperty: string };
    return { path: [...path, key], message: `expected ${expectation(schema.properties[key])}, got nothing` };
  }
  const got = show(error.data);
  const hint =
    error.keyword === "enum" && typeof error.data === "string"
      ? nearest(error.data, schema.enum.map(String))
      : undefined;
  return {
    path,
    message: `expected ${expectation(schema)}, got ${got}${hint ? `; did you mean ${hint}?` : ""}`,
  };
}

function unknownKey(key: string, siblings: string[]): string {
  if (nearest(key, siblings) === undefined) {
    const elsewhere = keysOf(recipeSchema).filter((path) => path.at(-1) === key);
    if (elsewhere.length > 0)
      return `unknown key ${key}; did you mean ${elsewhere.map((p) => p.join(".")).join(" or ")}?`;
  }
  return `unknown key ${key}; ${suggestion(key, siblings)}`;
}

/** Every key of a schema with the keys above it; list entries are written `[]`. */
function keysOf(schema: TSchema): string[][] {
  return Object.entries((schema.properties ?? {}) as Record<string, TSchema>).flatMap(([key, property]) => {
    const below = keysOf(property).map((rest) => [key, ...rest]);
    const items = property.items as TSchema | undefined;
    const inItems = items ? keysOf(items).map((rest) => [`${key}[]`, ...rest]) : [];
    return [[key], ...below, ...inItems];
  });
}

/** What a schema node wants, in words: `number between 0 and 1`, `one of full, lora`. */
function expectation(schema: TSchema): string {
  if (schema.enum) return `one of ${(schema.enum as unknown[]).join(", ")}`;
  const types = [schema.type ?? "value"].flat() as string[];
  return `${types.map((type) => words[type] ?? type).join(" or ")}${range(schema)}`;
}

const words: Record<string, string> = {
  integer: "whole number",
  object: "mapping",
  array: "list",
  string: "text",
};

function range(schema: TSchema): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema as Record<
    string,
    number | undefined
  >;
  if (minimum !== undefined && maximum !== undefined) return ` between ${minimum} and ${maximum}`;
  const bounds = [
    minimum !== undefined ? `at least ${minimum}` : "",
    exclusiveMinimum !== undefined ? `greater than ${exclusiveMinimum}` : "",
    maximum !== undefined ? `at most ${maximum}` : "",
    exclusiveMaximum !== undefined ? `less than ${exclusiveMaximum}` : "",
  ].filter((bound) => bound !== "");
  if (bounds.length > 0) return ` ${bounds.join(" and ")}`;
  if (schema.minItems !== undefined) return ` of at least ${schema.minItems} entry`;
  if (schema.uniqueItems) return " without repetitions";
  if (schema.pattern !== undefined)
    return " of letters, digits, dot, dash and underscore, starting with a letter or digit";
  if (schema.minLength !== undefined) return " that is not empty";
  return "";
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
