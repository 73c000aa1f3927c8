import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import type { OptionSchemas } from "./filter.ts";

const ajv = new Ajv2020({ allErrors: true, useDefaults: true, allowUnionTypes: true });

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
  const options = structuredClone(given ?? {}) as Record<string, unknown>;
  const validate = ajv.compile({ type: "object", properties: schemas, additionalProperties: false });
  validate(options);
  for (const error of validate.errors ?? []) problems.push(`${where}${problemOf(error, schemas, options)}`);
  return options;
}

function problemOf(error: ErrorObject, schemas: OptionSchemas, options: Record<string, unknown>): string {
  if (error.keyword === "additionalProperties") {
    const { additionalProperty: key } = error.params as { additionalProperty: string };
    const known = Object.keys(schemas).join(", ");
    return `.${key}: expected ${known === "" ? "no options" : `one of ${known}`}, got ${key}`;
  }
  const [, key = "", ...rest] = error.instancePath.split("/");
  const place = [key, ...rest].join(".");
  const wanted =
    error.keyword === "enum"
      ? `one of ${(error.params as { allowedValues: unknown[] }).allowedValues.join(", ")}`
      : (error.message ?? "another value").replace(/^must be /, "");
  return `.${place}: expected ${wanted}, got ${JSON.stringify(options[key])}`;
}
