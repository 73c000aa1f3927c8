import { TemplateRuntimeError } from "../errors.ts";
import { floatText } from "./float-text.ts";
import type { Run } from "./values.ts";
import { isList, PyDict, PyFloat, PyMarkup, PyTuple, PyUndefined, typeName, type Value } from "./values.ts";

export interface JsonForm {
  ensureAscii: boolean;
  /** What a level is indented by; null: all on one line. */
  indent: string | null;
  separators: readonly [item: string, key: string] | null;
  sortKeys: boolean;
}

const maxDepth = 200;

/** Python's `json.dumps`. Throws TemplateRuntimeError for what JSON cannot hold. */
export function toJson(value: Value, form: JsonForm, run: Run): string {
  const { indent, sortKeys } = form;
  const [itemSeparator, keySeparator] = form.separators ?? [indent === null ? ", " : ",", ": "];
  const write = (value: Value, depth: number): string => {
    run.spend(1);
    if (depth > maxDepth)
      throw new TemplateRuntimeError(`tojson: expected values at most ${maxDepth} deep, got deeper ones`);
    if (value === null) return "null";
    if (typeof value === "boolean") return String(value);
    if (typeof value === "number" || typeof value === "bigint") return String(value);
    if (typeof value === "string") return spent(quoted(value, form.ensureAscii));
    if (value instanceof PyMarkup) return spent(quoted(value.text, form.ensureAscii));
    if (value instanceof PyFloat) return jsonFloat(value.value);
    if (isList(value) || value instanceof PyTuple) {
      const items = isList(value) ? value : value.items;
      return within(
        "[",
        "]",
        depth,
        items.map((item) => write(item, depth + 1)),
      );
    }
    if (value instanceof PyDict) {
      const entries = Array.from(value.entries(), ([key, item]) => [keyText(key), item] as const);
      if (sortKeys) entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
      const pairs = entries.map(
        ([key, item]) => `${quoted(key, form.ensureAscii)}${keySeparator}${write(item, depth + 1)}`,
      );
      return within("{", "}", depth, pairs);
    }
    if (value instanceof PyUndefined) value.check();
    throw new TemplateRuntimeError(`tojson: expected a value that JSON has, got ${typeName(value)}`);
  };
  const spent = (text: string): string => {
    run.spendText(text.length);
    return text;
  };
  const within = (open: string, close: string, depth: number, items: readonly string[]): string => {
    if (items.length === 0) return open + close;
    if (indent === null) return spent(open + items.join(itemSeparator) + close);
    const line = `\n${indent.repeat(depth + 1)}`;
    return spent(`${open}${line}${items.join(itemSeparator + line)}\n${indent.repeat(depth)}${close}`);
  };
  return write(value, 0);
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return Number.isFinite(value) ? floatText(value) : value < 0 ? "-Infinity" : "Infinity";
}

function keyText(key: Value): string {
  if (typeof key === "string") return key;
  if (key instanceof PyFloat) return jsonFloat(key.value);
  if (key === null || typeof key === "boolean" || typeof key === "number" || typeof key === "bigint")
    return String(key);
  throw new TemplateRuntimeError(`tojson: expected keys that JSON has, got a ${typeName(key)}`);
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\b": "\\b",
  "\f": "\\f",
};

function quoted(text: string, ensureAscii: boolean): string {
  const escaped = (unit: string): string =>
    escapes[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `"${text.replace(ensureAscii ? /["\\]|[^ -~]/g : /["\\\x00-\x1f]/g, escaped)}"`;
}
