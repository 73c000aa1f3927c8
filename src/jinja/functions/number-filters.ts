import { TemplateRuntimeError } from "../errors.ts";
import { isNumber } from "../values/compare.ts";
import { formatFloat } from "../values/number-format.ts";
import { arithmetic, numberOf } from "../values/numbers.ts";
import { toText } from "../values/text.ts";
import type { Run } from "../values/values.ts";
import {
  integer,
  isInteger,
  isString,
  PyFloat,
  PyUndefined,
  typeName,
  type Value,
} from "../values/values.ts";
import { bind, integerArgument, textArgument } from "./arguments.ts";
import { strip } from "./string-methods.ts";
import type { Filter } from "./text-filters.ts";

function toInteger(value: Value, fallback: Value, base: number, run: Run): Value {
  if (value instanceof PyUndefined) value.fail();
  if (isInteger(value)) return integer(BigInt(value));
  if (value instanceof PyFloat) {
    if (Number.isFinite(value.value)) return integer(BigInt(Math.trunc(value.value)));
    if (Number.isNaN(value.value)) return fallback;
    throw new TemplateRuntimeError("int: expected a finite number, got an infinite one");
  }
  if (!isString(value)) return fallback;
  const text = strip(toText(value, run), null, "both");
  const whole = integerText(text, base);
  if (whole !== null) return integer(whole);
  const float = floatOf(text);
  return float === null || !Number.isFinite(float) ? fallback : integer(BigInt(Math.trunc(float)));
}

const maxDigits = 4300;

function integerText(text: string, base: number): bigint | null {
  const prefix = base === 16 ? "0[xX]" : base === 8 ? "0[oO]" : base === 2 ? "0[bB]" : "";
  const found = new RegExp(`^([-+]?)(?:${prefix || "(?!)"})?_?([0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*)$`).exec(text);
  if (!found) return null;
  const digits = found[2]!.replaceAll("_", "").toLowerCase();
  if (digits.length > maxDigits) return null;
  let result = 0n;
  for (const digit of digits) {
    const value = Number.parseInt(digit, 36);
    if (!(value < base)) return null;
    result = result * BigInt(base) + BigInt(value);
  }
  return found[1] === "-" ? -result : result;
}

function floatOf(text: string): number | null {
  if (/^[-+]?(\d+(_\d+)*(\.(\d+(_\d+)*)?)?|\.\d+(_\d+)*)(e[-+]?\d+(_\d+)*)?$/i.test(text))
    return Number(text.replaceAll("_", ""));
  const word = /^([-+]?)(inf(?:inity)?|nan)$/i.exec(text);
  if (!word) return null;
  const size = word[2]!.toLowerCase() === "nan" ? Number.NaN : Number.POSITIVE_INFINITY;
  return word[1] === "-" ? -size : size;
}

const round: Filter = (value, given, run) => {
  const [precision = 0, method = "common"] = bind("round", given, ["precision", "method"]);
  const digits = integerArgument("round", precision);
  const how = textArgument("round", method, run);
  if (value instanceof PyUndefined) value.fail();
  if (!isNumber(value)) throw new TemplateRuntimeError(`round: expected a number, got ${typeName(value)}`);
  if (how === "common") {
    if (isInteger(value) && digits >= 0) return integer(BigInt(value));
    return roundHalfEven(value, digits);
  }
  if (how !== "ceil" && how !== "floor")
    throw new TemplateRuntimeError("round: expected method common, ceil or floor, got another");
  const scaled = numberOf(
    arithmetic("*", value, digits >= 0 ? 10 ** digits : new PyFloat(10 ** digits), run) as PyFloat,
  );
  const whole = how === "ceil" ? Math.ceil(scaled) + 0 : Math.floor(scaled);
  return new PyFloat(whole / 10 ** digits);
};

function roundHalfEven(value: number | bigint | boolean | PyFloat, digits: number): Value {
  if (value instanceof PyFloat) {
    if (!Number.isFinite(value.value) || digits > 22) return value;
    const sign = value.value < 0 || Object.is(value.value, -0) ? -1 : 1;
    if (digits >= 0) return new PyFloat(sign * Number(formatFloat(value.value, "f", digits)));
  }
  const unit = 10n ** BigInt(Math.min(400, -digits));
  const whole = value instanceof PyFloat ? null : BigInt(value);
  if (whole === null) {
    const size = Math.abs(numberOf(value)) / Number(unit);
    const rounded = Number(formatFloat(size, "f", 0)) * Number(unit);
    return new PyFloat(Math.sign(numberOf(value)) * rounded);
  }
  const size = whole < 0n ? -whole : whole;
  const [quotient, rest] = [size / unit, size % unit];
  const isUp = rest * 2n > unit || (rest * 2n === unit && quotient % 2n === 1n);
  const rounded = (quotient + (isUp ? 1n : 0n)) * unit;
  return integer(whole < 0n ? -rounded : rounded);
}

/** Filters of numbers, and to them. */
export const numberFilters: Readonly<Record<string, Filter>> = {
  abs: (value) => {
    if (value instanceof PyUndefined) value.fail();
    if (isInteger(value)) return integer(Number(value) < 0 ? -BigInt(value) : BigInt(value));
    if (value instanceof PyFloat) return new PyFloat(Math.abs(value.value));
    throw new TemplateRuntimeError(`abs: expected a number, got ${typeName(value)}`);
  },
  float: (value, given, run) => {
    const [fallback = new PyFloat(0)] = bind("float", given, ["default"]);
    if (value instanceof PyUndefined) value.fail();
    if (isNumber(value)) return new PyFloat(numberOf(value));
    const float = isString(value) ? floatOf(strip(toText(value, run), null, "both")) : null;
    return float === null ? fallback : new PyFloat(float);
  },
  int: (value, given, run) => {
    const [fallback = 0, base] = bind("int", given, ["default", "base"]);
    return toInteger(value, fallback, integerArgument("int", base, 10), run);
  },
  round,
};
