import { TemplateRuntimeError } from "../errors.ts";
import { floatText } from "../values/float-text.ts";
import { formatFloat, maxWidth } from "../values/number-format.ts";
import { repr, toText } from "../values/text.ts";
import type { Run } from "../values/values.ts";
import { type Arguments, isInteger, isString, PyFloat, typeName, type Value } from "../values/values.ts";

/** How a field reads `.name` and `[key]` of a value. */
export interface FieldLookup {
  attribute(value: Value, name: string, run: Run): Value;
  item(value: Value, key: Value, run: Run): Value;
}

/**
 * Python's `text.format(…)`: fields by position, name, attribute and item, conversions `!r` and `!s`, and
 * format specs.
 */
export function strFormat(text: string, given: Arguments, lookup: FieldLookup, run: Run): string {
  let automatic = 0;
  const fieldValue = (field: string): Value => {
    const [first = "", ...rest] = field.split(/(?=[.[])/);
    const key = first === "" ? String(automatic++) : first;
    let value = /^\d+$/.test(key) ? given.positional[Number(key)] : given.named.get(key);
    if (value === undefined) throw new TemplateRuntimeError(`format: expected an argument ${key}, got none`);
    for (const step of rest) {
      if (step.startsWith(".")) value = lookup.attribute(value, step.slice(1), run);
      else {
        const item = step.slice(1, -1);
        value = lookup.item(value, /^\d+$/.test(item) ? Number(item) : item, run);
      }
    }
    return value;
  };
  const expand = (template: string, depth: number): string => {
    let result = "";
    for (let at = 0; at < template.length; ) {
      const char = template[at]!;
      if (char !== "{" && char !== "}") {
        const end = template.slice(at).search(/[{}]/);
        const stop = end < 0 ? template.length : at + end;
        result += template.slice(at, stop);
        at = stop;
      } else if (template[at + 1] === char) {
        result += char;
        at += 2;
      } else {
        const end = char === "{" ? closeOf(template, at) : -1;
        if (end < 0 || depth > 1)
          throw new TemplateRuntimeError(
            `format: expected braces in pairs, got ${template.slice(at, at + 20)}`,
          );
        result += replaced(template.slice(at + 1, end), depth);
        at = end + 1;
      }
    }
    return result;
  };
  const replaced = (inside: string, depth: number): string => {
    const found = /^([^!:]*)(?:!([rsa]))?(?::([\s\S]*))?$/.exec(inside);
    if (!found) throw new TemplateRuntimeError(`format: expected a field, got {${inside.slice(0, 40)}}`);
    const [, field = "", conversion, spec = ""] = found;
    const value = fieldValue(field);
    const converted =
      conversion === undefined ? value : conversion === "s" ? toText(value, run) : repr(value, run);
    const formatted = formatValue(converted, spec.includes("{") ? expand(spec, depth + 1) : spec, run);
    run.spendText(formatted.length);
    return formatted;
  };
  return expand(text, 0);
}

function closeOf(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "{") depth++;
    if (text[at] === "}" && --depth === 0) return at;
  }
  return -1;
}

const specification =
  /^(?:([\s\S])?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/u;

/** Python's `format(value, spec)`. */
export function formatValue(value: Value, spec: string, run: Run): string {
  if (spec === "") return toText(value, run);
  const found = specification.exec(spec);
  if (!found) throw new TemplateRuntimeError(`format: expected a format spec, got ${spec.slice(0, 40)}`);
  const [, fill, align, plus, , zero, width, grouping, precision, form] = found;
  const digits = precision === undefined ? undefined : Number(precision);
  const isNumber = isInteger(value) || value instanceof PyFloat;
  if (!isNumber && !isString(value))
    throw new TemplateRuntimeError(`format: expected a string or number, got ${typeName(value)}`);
  let sign = "";
  let body: string;
  if (!isNumber) {
    if (form !== undefined && form !== "s")
      throw new TemplateRuntimeError(`format: expected s for a string, got ${form}`);
    if (grouping || plus || align === "=")
      throw new TemplateRuntimeError(`format: expected a spec for a string, got ${spec.slice(0, 40)}`);
    const all = Array.from(toText(value, run));
    body = (digits === undefined ? all : all.slice(0, digits)).join("");
  } else {
    const number = value instanceof PyFloat ? value.value : value;
    const isNegative =
      value instanceof PyFloat ? value.value < 0 || Object.is(value.value, -0) : Number(number) < 0;
    sign = isNegative ? "-" : plus === "+" || plus === " " ? plus : "";
    body = numberBody(value, form, digits);
    if (grouping) {
      const [whole = "", ...rest] = body.split(/(?=[.e%])/);
      body = whole.replace(/\B(?=(\d{3})+$)/g, grouping) + rest.join("");
    }
  }
  const size = Number(width ?? 0);
  if (size > maxWidth)
    throw new TemplateRuntimeError(`format: expected a width of at most ${maxWidth}, got ${size}`);
  const missing = Math.max(0, size - Array.from(body).length - sign.length);
  const side = align ?? (zero && isNumber ? "=" : isNumber ? ">" : "<");
  const pad = (count: number): string => (fill ?? (zero ? "0" : " ")).repeat(count);
  if (side === "=") return sign + pad(missing) + body;
  if (side === "<") return sign + body + pad(missing);
  if (side === ">") return pad(missing) + sign + body;
  return pad(missing >> 1) + sign + body + pad(missing - (missing >> 1));
}

function numberBody(
  value: number | bigint | boolean | PyFloat,
  form: string | undefined,
  precision: number | undefined,
): string {
  if (!(value instanceof PyFloat) && (form === undefined || /[bcdnoxX]/.test(form))) {
    const whole = BigInt(value);
    const size = whole < 0n ? -whole : whole;
    if (form === "c") return String.fromCodePoint(Number(size));
    const text = size.toString(form === "b" ? 2 : form === "o" ? 8 : form === "x" || form === "X" ? 16 : 10);
    return form === "X" ? text.toUpperCase() : text;
  }
  const number = value instanceof PyFloat ? value.value : Number(value);
  if (form === undefined || form === "n")
    return precision === undefined ? floatText(Math.abs(number)) : formatFloat(number, "g", precision);
  if (form === "%") return `${formatFloat(number * 100, "f", precision ?? 6)}%`;
  if (!/[eEfFgG]/.test(form))
    throw new TemplateRuntimeError(`format: expected a form for floats, got ${form}`);
  const lower = form.toLowerCase() as "f" | "e" | "g";
  const text = formatFloat(number, lower, precision ?? 6);
  return form === lower ? text : text.toUpperCase();
}
