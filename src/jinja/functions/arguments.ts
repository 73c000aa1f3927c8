import { TemplateRuntimeError } from "../errors.ts";
import { toText } from "../values/text.ts";
import type { Run } from "../values/values.ts";
import { type Arguments, isInteger, isString, PyUndefined, typeName, type Value } from "../values/values.ts";

/**
 * Values of parameters in order, by position or name. `required` first ones must be given; the others may be
 * missing. Throws TemplateRuntimeError for what the function does not take.
 */
export function bind(
  of: string,
  given: Arguments,
  parameters: readonly string[],
  required = 0,
): (Value | undefined)[] {
  if (given.positional.length > parameters.length) {
    throw new TemplateRuntimeError(
      `${of}: expected at most ${parameters.length} arguments, got ${given.positional.length}`,
    );
  }
  const values: (Value | undefined)[] = parameters.map((_, i) => given.positional[i]);
  for (const [name, value] of given.named) {
    const at = parameters.indexOf(name);
    if (at < 0 || values[at] !== undefined)
      throw new TemplateRuntimeError(`${of}: expected arguments ${parameters.join(", ")}, got ${name}`);
    values[at] = value;
  }
  const missing = parameters.findIndex((_, i) => i < required && values[i] === undefined);
  if (missing >= 0) throw new TemplateRuntimeError(`${of}: expected ${parameters[missing]}, got nothing`);
  return values;
}

/** The string that an argument must be. */
export function textArgument(of: string, value: Value | undefined, run: Run): string {
  if (value instanceof PyUndefined) value.fail();
  if (value === undefined || !isString(value))
    throw new TemplateRuntimeError(
      `${of}: expected a string, got ${value === undefined ? "nothing" : typeName(value)}`,
    );
  return toText(value, run);
}

/** The whole number that an argument must be; null and a missing one are `fallback`, if there is one. */
export function integerArgument(of: string, value: Value | undefined, fallback?: number): number {
  if (value instanceof PyUndefined) value.fail();
  if ((value === undefined || value === null) && fallback !== undefined) return fallback;
  if (value === undefined || !isInteger(value))
    throw new TemplateRuntimeError(
      `${of}: expected a whole number, got ${value === undefined ? "nothing" : typeName(value)}`,
    );
  return Number(value);
}
