import { readFileSync } from "node:fs";
import { Ajv2020, type AnySchemaObject, type ErrorObject } from "ajv/dist/2020.js";
import { packagePath } from "../package-root.ts";
import { nearest, suggestion } from "./nearest.ts";
import type { Path } from "./source.ts";

/** Something wrong at a place of the recipe. */
export interface Problem {
  path: Path;
  /** `expected …, got …`, or what else is wrong there. */
  message: string;
}

let compiled: { schema: AnySchemaObject; validate: ReturnType<Ajv2020["compile"]> } | undefined;

/** Checks a recipe against schema/recipe.schema.json and fills its defaults in, in place. Returns every problem. */
export function validateRecipe(value: unknown): Problem[] {
  const { schema, validate } = load();
  validate(value);
  const problems = new Map<string, Problem>();
  for (const error of validate.errors ?? []) {
    const problem = describe(error, schema);
    const key = problem.path.join(".");
    if (!problems.has(key)) problems.set(key, problem);
  }
  return [...problems.values()];
}

function load(): NonNullable<typeof compiled> {
  if (!compiled) {
    const schema = JSON.parse(
      readFileSync(packagePath("schema", "recipe.schema.json"), "utf8"),
    ) as AnySchemaObject;
    const ajv = new Ajv2020({ allErrors: true, useDefaults: true, verbose: true, allowUnionTypes: true });
    compiled = { schema, validate: ajv.compile(schema) };
  }
  return compiled;
}

function describe(error: ErrorObject, root: AnySchemaObject): Problem {
  const path = parsePointer(error.instancePath);
  const schema = (error.parentSchema ?? {}) as AnySchemaObject;
  if (error.keyword === "additionalProperties") {
    const key = String((error.params as { additionalProperty: string }).additionalProperty);
    return { path: [...path, key], message: unknownKey(key, Object.keys(schema.properties ?? {}), root) };
  }
  if (error.keyword === "required") {
    const key = String((error.params as { missingProperty: string }).missingProperty);
    const wanted = resolve((schema.properties as Record<string, AnySchemaObject>)[key] ?? {}, root);
    return { path: [...path, key], message: `expected ${expectation(wanted)}, got nothing` };
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

function unknownKey(key: string, siblings: string[], root: AnySchemaObject): string {
  if (nearest(key, siblings) === undefined) {
    const elsewhere = pathsOf(root, root).filter((path) => path.at(-1) === key);
    if (elsewhere.length > 0)
      return `unknown key ${key}; did you mean ${elsewhere.map((p) => p.join(".")).join(" or ")}?`;
  }
  return `unknown key ${key}; ${suggestion(key, siblings)}`;
}

/** Every key of the schema with the keys above it; list entries are written `[]`. */
function pathsOf(schema: AnySchemaObject, root: AnySchemaObject): string[][] {
  const properties = (schema.properties ?? {}) as Record<string, AnySchemaObject>;
  return Object.entries(properties).flatMap(([key, entry]) => {
    const property = resolve(entry, root);
    const below = pathsOf(property, root).map((rest) => [key, ...rest]);
    const items = property.items as AnySchemaObject | undefined;
    const inItems = items ? pathsOf(resolve(items, root), root).map((rest) => [`${key}[]`, ...rest]) : [];
    return [[key], ...below, ...inItems];
  });
}

function resolve(schema: AnySchemaObject, root: AnySchemaObject): AnySchemaObject {
  const ref = schema.$ref as string | undefined;
  return ref === undefined ? schema : (root.$defs[ref.slice("#/$defs/".length)] as AnySchemaObject);
}

/** What a schema node wants, in words: `number between 0 and 1`, `one of full, lora`. */
function expectation(schema: AnySchemaObject): string {
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

function range(schema: AnySchemaObject): string {
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
