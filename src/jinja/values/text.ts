import { TemplateRuntimeError } from "../errors.ts";
import { floatText } from "./float-text.ts";
import type { Run } from "./values.ts";
import {
  isList,
  PyDict,
  PyFloat,
  PyFunction,
  PyMarkup,
  PyNamespace,
  PyRange,
  PyTuple,
  PyType,
  PyUndefined,
  PyView,
  type Value,
} from "./values.ts";

/** Values nest this deep at most when they are written or compared: a namespace may hold itself. */
const maxDepth = 200;

/** Python's `str(value)`. */
export function toText(value: Value, run: Run): string {
  if (typeof value === "string") return value;
  if (value instanceof PyMarkup) return value.text;
  if (value instanceof PyUndefined) {
    value.check();
    return "";
  }
  return repr(value, run);
}

/** Python's `repr(value)`. */
export function repr(value: Value, run: Run, depth = 0): string {
  const text = reprOf(value, run, depth);
  run.spendText(text.length);
  return text;
}

function reprOf(value: Value, run: Run, depth: number): string {
  if (depth > maxDepth)
    throw new TemplateRuntimeError(`expected values at most ${maxDepth} deep, got deeper ones`);
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "string") return quoted(value);
  const inner = (item: Value): string => repr(item, run, depth + 1);
  if (isList(value)) return `[${value.map(inner).join(", ")}]`;
  if (value instanceof PyFloat) return floatText(value.value);
  if (value instanceof PyTuple)
    return `(${value.items.map(inner).join(", ")}${value.items.length === 1 ? "," : ""})`;
  if (value instanceof PyDict) return `{${pairs(value.entries(), inner)}}`;
  if (value instanceof PyMarkup) return `Markup(${quoted(value.text)})`;
  if (value instanceof PyRange) {
    const { start, stop, step } = value;
    return `range(${start}, ${stop}${step === 1 ? "" : `, ${step}`})`;
  }
  if (value instanceof PyView) return `${value.typeName}([${[...value].map(inner).join(", ")}])`;
  if (value instanceof PyUndefined) return "Undefined";
  if (value instanceof PyNamespace) return `<Namespace {${pairs(value.attributes, inner)}}>`;
  if (value instanceof PyType) return `<class '${value.name}'>`;
  if (value instanceof PyFunction) return `<${value.typeName} ${value.name}>`;
  return `<${(value as { typeName: string }).typeName} object>`;
}

function pairs(entries: Iterable<readonly [Value, Value]>, text: (value: Value) => string): string {
  return Array.from(entries, ([key, value]) => `${text(key)}: ${text(value)}`).join(", ");
}

const named: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
/** What Python does not print as it is: controls, formats, what is not assigned, separators but the blank. */
const unprintable = /[\p{C}\p{Z}\\]/gu;

/** A string as Python writes it in a list: single quotes unless only those are in it. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(unprintable, (char) =>
    char === " " ? char : (named[char] ?? escapeOf(char)),
  );
  return `${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`;
}

function escapeOf(char: string): string {
  const code = char.codePointAt(0)!;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x10000
    ? `\\u${code.toString(16).padStart(4, "0")}`
    : `\\U${code.toString(16).padStart(8, "0")}`;
}
