import type { TSchema } from "@sinclair/typebox";

/** What a schema node wants, in words: `number between 0 and 1`, `one of full, lora`. */
export function expectation(schema: TSchema): string {
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
