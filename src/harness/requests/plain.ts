import { isList, isString, PyDict, PyFloat, PyTuple, type Value } from "../../jinja/values/values.ts";
import { textOf } from "./fields.ts";

/**
 * A value as JSON can hold it, for logs of samples: a float that is no number is its name in Python, a whole
 * number beyond 2^53 keeps its digits as text.
 */
export function plainOf(value: Value): unknown {
  if (value instanceof PyFloat) return numberOf(value.value);
  if (typeof value === "bigint") return String(value);
  if (isList(value)) return value.map(plainOf);
  if (value instanceof PyTuple) return value.items.map(plainOf);
  if (value instanceof PyDict)
    return Object.fromEntries([...value.entries()].map(([key, one]) => [textOf(key), plainOf(one)]));
  if (isString(value)) return typeof value === "string" ? value : value.text;
  if (value === null || typeof value === "boolean" || typeof value === "number") return value;
  return textOf(value);
}

/** JSON has no NaN and no infinity: they are written as upstream's logs write them. */
export function numberOf(value: number): number | string {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

/** A task's configuration as JSON can hold it: helpers by what they stand for. */
export function plainConfig(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainConfig);
  if (typeof value === "object" && value !== null) {
    if ("standsFor" in value) return { helper: value.standsFor };
    if (Object.getPrototypeOf(value) === Object.prototype)
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plainConfig(one)]));
  }
  return typeof value === "undefined" ? null : plainOf(value as Value);
}
