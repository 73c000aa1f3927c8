import { TemplateRuntimeError } from "../errors.ts";
import { parseJson } from "./parse-json.ts";
import { integer, PyDict, PyFloat, PyObject, type Value } from "./values.ts";

/** Data nests this deep at most. */
const maxDepth = 500;

/**
 * Plain data as template values: an integral number is an int, any other a float, an object a dict, what
 * `JSON.rawJSON` made is the number or text it says. What is a value already stays; `undefined` is left out.
 * Functions and other objects of JavaScript are an error.
 */
export function fromJs(given: unknown, depth = 0): Value {
  if (given === null || typeof given === "string" || typeof given === "boolean") return given;
  if (typeof given === "number") return Number.isSafeInteger(given) ? given + 0 : new PyFloat(given);
  if (typeof given === "bigint") return integer(given);
  if (given instanceof PyObject) return given;
  if (depth > maxDepth)
    throw new TemplateRuntimeError(`expected data at most ${maxDepth} levels deep, got deeper ones`);
  if (Array.isArray(given)) return given.map((item) => fromJs(item, depth + 1));
  if (typeof given === "object" && isRawJson(given)) return parseJson(given.rawJSON);
  if (typeof given === "object") {
    const entries = Object.entries(given).filter(([, value]) => value !== undefined);
    return PyDict.of(entries.map(([key, value]) => [key, fromJs(value, depth + 1)] as const));
  }
  throw new TemplateRuntimeError(`expected plain data for a template, got a ${typeof given}`);
}

function isRawJson(value: object): value is { rawJSON: string } {
  return Object.getPrototypeOf(value) === null && Object.isFrozen(value) && "rawJSON" in value;
}
