import { TemplateRuntimeError } from "../errors.ts";
import { formatFloat, maxWidth } from "./number-format.ts";
import { repr, toText } from "./text.ts";
import type { Run } from "./values.ts";
import {
  isInteger,
  isList,
  isString,
  PyDict,
  PyFloat,
  PyRange,
  PyTuple,
  PyUndefined,
  typeName,
  type Value,
} from "./values.ts";

const specifier = /%(?:\(([^)]{0,200})\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?[hlL]?([\s\S]|$)/g;

/** Python's `text % given`. */
export function formatPercent(text: string, given: Value, run: Run): string {
  const positional = given instanceof PyTuple ? given.items : [given];
  let used = 0;
  let usesNames = false;
  const next = (): Value => {
    if (used >= positional.length)
      throw new TemplateRuntimeError("expected an argument for each %, got fewer");
    return positional[used++]!;
  };
  const result = text.replace(specifier, (part: string, ...groups: (string | undefined)[]) => {
    const [name, flags = "", width, precision, form = ""] = groups;
    if (!/[diouxXeEfFgGcrsa%]/.test(form))
      throw new TemplateRuntimeError(`expected a format that Python knows, got ${part.slice(0, 40)}`);
    if (form === "%") return "%";
    const star = (size: string | undefined): number | undefined =>
      size === undefined ? undefined : size === "*" ? Number(next()) : Number(size);
    const [wide, digits] = [star(width), star(precision)];
    if (name !== undefined) usesNames = true;
    const value = name === undefined ? next() : named(given, name);
    const formatted = padded(formatOne(form, value, flags, digits, run), flags, wide ?? 0);
    run.spendText(formatted.length);
    return formatted;
  });
  const isWhole =
    usesNames ||
    used === positional.length ||
    (used === 0 && !(given instanceof PyTuple) && isMapping(given));
  if (!isWhole) throw new TemplateRuntimeError("expected a % for each argument, got fewer");
  return result;
}

function isMapping(value: Value): boolean {
  return value instanceof PyDict || value instanceof PyRange || value instanceof PyUndefined || isList(value);
}

function named(given: Value, name: string): Value {
  if (!(given instanceof PyDict))
    throw new TemplateRuntimeError(`expected a dict for %(${name})s, got ${typeName(given)}`);
  const value = given.get(name);
  if (value === undefined) throw new TemplateRuntimeError(`expected a key ${name}, got a dict without it`);
  return value;
}

interface Formatted {
  sign: string;
  body: string;
  isNumber: boolean;
}

function formatOne(
  form: string,
  value: Value,
  flags: string,
  precision: number | undefined,
  run: Run,
): Formatted {
  if (/[srac]/.test(form)) {
    let body = form === "s" ? toText(value, run) : form === "c" ? charOf(value, run) : repr(value, run);
    if (precision !== undefined && form !== "c") body = Array.from(body).slice(0, precision).join("");
    return { sign: "", body, isNumber: false };
  }
  const number = numberFor(value, form);
  const isNegative = typeof number === "bigint" ? number < 0n : number < 0 || Object.is(number, -0);
  const sign = isNegative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  if (typeof number === "bigint") {
    const magnitude = number < 0n ? -number : number;
    const radix = form === "o" ? 8 : /x/i.test(form) ? 16 : 10;
    let body = magnitude.toString(radix).padStart(precision ?? 0, "0");
    if (flags.includes("#")) body = (form === "o" ? "0o" : /x/i.test(form) ? "0x" : "") + body;
    return { sign, body: form === "X" ? body.toUpperCase() : body, isNumber: true };
  }
  const lower = form.toLowerCase() as "f" | "e" | "g";
  const body = formatFloat(number, lower, precision ?? 6, flags.includes("#"));
  return { sign, body: form === lower ? body : body.toUpperCase(), isNumber: Number.isFinite(number) };
}

function numberFor(value: Value, form: string): bigint | number {
  if (value instanceof PyUndefined) value.fail();
  const isFloatForm = /[efg]/i.test(form);
  if (isInteger(value)) return isFloatForm ? Number(value) : BigInt(value);
  if (value instanceof PyFloat) {
    if (isFloatForm) return value.value;
    if (/[diu]/.test(form) && Number.isFinite(value.value)) return BigInt(Math.trunc(value.value));
  }
  throw new TemplateRuntimeError(`expected a number for %${form}, got ${typeName(value)}`);
}

function charOf(value: Value, run: Run): string {
  if (isInteger(value) && Number(value) >= 0 && Number(value) <= 0x10ffff)
    return String.fromCodePoint(Number(value));
  if (isString(value) && Array.from(toText(value, run)).length === 1) return toText(value, run);
  throw new TemplateRuntimeError(`expected one character for %c, got ${typeName(value)}`);
}

function padded({ sign, body, isNumber }: Formatted, flags: string, width: number): string {
  if (width > maxWidth)
    throw new TemplateRuntimeError(`expected a width of at most ${maxWidth}, got ${width}`);
  const missing = Math.max(0, width - Array.from(body).length - sign.length);
  if (flags.includes("-")) return sign + body + " ".repeat(missing);
  if (flags.includes("0") && isNumber) return sign + "0".repeat(missing) + body;
  return " ".repeat(missing) + sign + body;
}
