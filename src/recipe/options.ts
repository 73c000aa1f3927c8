import type { Static, TProperties, TSchema } from "@sinclair/typebox";
import type { ErrorObject } from "ajv";
import { compileSchema } from "../ajv.ts";
import { type Mapping, mapping } from "../schema.ts";
import { nearest } from "./nearest.ts";

/**
 * The one way in which filters, builders, benchmarks, formats … say which options they have and get them:
 * each declares them once, as TypeBox beside its code; a recipe's options are checked against that, defaults
 * are filled in, and the code gets an object of the type that it declared.
 *
 * An option may say in words what it expects, under `expected`; without it messages say what JSON Schema
 * says.
 */
export type OptionsSchema = TSchema;

/** For what has no options. */
export const noOptions = mapping({});

/** An option that does not fit: its key, with what is inside it, and `expected <x>, got <y>`. */
export interface OptionProblem {
  path: string[];
  message: string;
}

/**
 * Checks options and makes something from them. Where they do not fit, adds why to `problems` and gives null.
 */
export type Open<T> = (given: unknown, where: string, problems: string[]) => T | null;

/**
 * A schema of options, and `open`, which checks options against it and hands them to `create` with their
 * type.
 */
export function withOptions<P extends TProperties, T>(
  properties: P,
  create: (options: Static<Mapping<P>>) => T,
): { options: OptionsSchema; open: Open<T> } {
  const schema = mapping(properties);
  return {
    options: schema,
    open(given, where, problems) {
      const read = readOptions(schema, given, where, problems);
      return read === null ? null : create(read);
    },
  };
}

/**
 * A typed copy of `given` with every default filled in. Where it does not fit, adds why to `problems`; null
 * then.
 */
export function readOptions<S extends OptionsSchema>(
  schema: S,
  given: unknown,
  where: string,
  problems: string[],
): Static<S> | null {
  const checked = checkOptions(schema, given);
  if ("options" in checked) return checked.options;
  for (const { path, message } of checked.wrong) problems.push(`${[where, ...path].join(".")}: ${message}`);
  return null;
}

/** The same, with the problems in parts. */
export function checkOptions<S extends OptionsSchema>(
  schema: S,
  given: unknown,
): { options: Static<S> } | { wrong: OptionProblem[] } {
  const options: unknown = structuredClone(given ?? {});
  const fits = compileSchema("settings", schema);
  if (fits(options)) return { options };
  const wrong = (fits.errors ?? []).map((error) => problemOf(error, schema, options));
  const told = new Set<string>();
  // What an option says in words stands for all that is wrong inside it.
  const isNew = ({ path, message }: OptionProblem) =>
    told.size < told.add(`${path.join(".")}: ${message}`).size;
  return { wrong: wrong.filter(isNew) };
}

/** The entry of a catalog that a recipe names; undefined where there is none. */
export function entryOf<T>(catalog: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(catalog, name) ? catalog[name] : undefined;
}

/** What is wrong with a name that a catalog does not have: `expected one of a, b, got "c"`. */
export function unknownName(catalog: object, name: string): string {
  return `expected one of ${Object.keys(catalog).join(", ")}, got ${JSON.stringify(name)}`;
}

function problemOf(error: ErrorObject, schema: OptionsSchema, options: unknown): OptionProblem {
  const [, ...path] = error.instancePath.split("/");
  if (error.keyword === "additionalProperties") {
    const { additionalProperty: key } = error.params as { additionalProperty: string };
    const { properties = {} } = error.parentSchema as { properties?: object };
    const known = Object.keys(properties);
    const wanted = known.length === 0 ? "no options" : `one of ${known.join(", ")}`;
    const near = nearest(key, known);
    const hint = near === undefined ? "" : `; did you mean ${near}?`;
    return { path: [...path, key], message: `expected ${wanted}, got ${key}${hint}` };
  }
  if (error.keyword === "required") {
    const { missingProperty: key } = error.params as { missingProperty: string };
    return { path: [...path, key], message: "expected a value, got nothing" };
  }
  const [key = ""] = path;
  const got = JSON.stringify((options as Record<string, unknown>)[key]);
  const { expected } = ((schema.properties ?? {}) as Record<string, { expected?: string }>)[key] ?? {};
  if (expected !== undefined) return { path: [key], message: `expected ${expected}, got ${got}` };
  const wanted =
    error.keyword === "enum"
      ? `one of ${(error.params as { allowedValues: unknown[] }).allowedValues.join(", ")}`
      : (error.message ?? "another value").replace(/^must be /, "");
  return { path, message: `expected ${wanted}, got ${got}` };
}
