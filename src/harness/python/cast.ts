import { DataError } from "../../errors.ts";
import { stripBlanks } from "../../jinja/functions/string-methods.ts";
import { isTrue } from "../../jinja/values/compare.ts";
import { createRun } from "../../jinja/values/run.ts";
import { toText } from "../../jinja/values/text.ts";
import { integer, isInteger, isList, PyFloat, typeName, type Value } from "../../jinja/values/values.ts";

/** A value that is written out may be so long: more than any row has. */
const maxWork = 50_000_000;

/** Python's `str(value)`: `1.0`, `True`, `['a', 'b']`. */
export function pythonText(value: Value): string {
  return typeof value === "string" ? value : toText(value, createRun(maxWork, true));
}

/**
 * Python's `type(like)(value)` for texts, numbers and truths. Throws DataError where Python would raise, or
 * for other types.
 */
export function castLike(like: Value, value: Value): Value {
  const type = typeName(like);
  if (type === typeName(value)) return value;
  if (typeof like === "string") return pythonText(value);
  if (typeof like === "boolean") return isTrue(value);
  if (isInteger(like)) return toInteger(value);
  if (like instanceof PyFloat) return toFloat(value);
  if (isList(like) && typeof value === "string") return Array.from(value);
  throw new DataError(`expected a value that can be made a ${type}, got ${typeName(value)}`);
}

function toInteger(value: Value): Value {
  if (isInteger(value)) return integer(BigInt(value));
  if (value instanceof PyFloat && Number.isFinite(value.value))
    return integer(BigInt(Math.trunc(value.value)));
  const text = typeof value === "string" ? stripBlanks(value, "both") : "";
  if (/^[+-]?\d+(?:_\d+)*$/.test(text))
    return integer(text.startsWith("-") ? -BigInt(digits(text)) : BigInt(digits(text)));
  throw new DataError(`expected a whole number, got ${pythonText(value).slice(0, 60)}`);
}

function toFloat(value: Value): PyFloat {
  if (isInteger(value)) return new PyFloat(Number(value));
  const text = typeof value === "string" ? stripBlanks(value, "both").toLowerCase() : "";
  const word = /^([+-]?)(inf|infinity|nan)$/.exec(text);
  if (word) return new PyFloat(word[2] === "nan" ? Number.NaN : word[1] === "-" ? -Infinity : Infinity);
  if (/^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/.test(text))
    return new PyFloat(Number(text.replaceAll("_", "")));
  throw new DataError(`expected a number, got ${pythonText(value).slice(0, 60)}`);
}

function digits(text: string): string {
  return text.replace(/[+\-_]/g, "");
}
