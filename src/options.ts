import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";

/** What a recipe may set under `options` of a filter, a builder …: JSON Schema of each key, with its default. */
export type OptionSchemas = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const ajv = new Ajv2020({ allErrors: true, useDefaults: true, allowUnionTypes: true });

/** An option that does not fit: its key, with what is inside it, and `expected <x>, got <y>`. */
export interface OptionProblem {
  path: string[];
  message: string;
}

/**
 * A copy of `given` with every default filled in. What does not fit its schema is added to `problems`, each
 * `<where>.<key>: expected <x>, got <y>`.
 */
export function fillOptions(
  schemas: OptionSchemas,
  given: Readonly<Record<string, unknown>> | undefined,
  where: string,
  problems: string[],
): Record<string, unknown> {
  const { options, wrong } = checkOptions(schemas, given);
  for (const { path, message } of wrong) problems.push(`${where}.${path.join(".")}: ${message}`);
  return options;
}

/** The same, with the problems in parts. */
export function checkOptions(
  schemas: OptionSchemas,
  given: Readonly<Record<string, unknown>> | undefined,
): { options: Record<string, unknown>; wrong: OptionProblem[] } {
  const options = structuredClone(given ?? {}) as Record<string, unknown>;
  const validate = ajv.compile({ type: "object", properties: schemas, additionalProperties: false });
  validate(options);
  return { options, wrong: (validate.errors ?? []).map((error) => problemOf(error, schemas, options)) };
}

function problemOf(
  error: ErrorObject,
  schemas: OptionSchemas,
  options: Record<string, unknown>,
): OptionProblem {
  if (error.keyword === "additionalProperties") {
    const { additionalProperty: key } = error.params as { additionalProperty: string };
    const known = Object.keys(schemas).join(", ");
    return {
      path: [key],
      message: `expected ${known === "" ? "no options" : `one of ${known}`}, got ${key}`,
    };
  }
  const [, ...path] = error.instancePath.split("/");
  const wanted =
    error.keyword === "enum"
      ? `one of ${(error.params as { allowedValues: unknown[] }).allowedValues.join(", ")}`
      : (error.message ?? "another value").replace(/^must be /, "");
  return { path, message: `expected ${wanted}, got ${JSON.stringify(options[path[0] ?? ""])}` };
}
