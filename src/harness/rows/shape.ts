import { DataError } from "../../errors.ts";
import { parseJson } from "../../jinja/values/parse-json.ts";
import { isList, PyDict, PyFloat, type Value } from "../../jinja/values/values.ts";
import { asDateText, isDateText } from "./dates.ts";

/**
 * What a column is, as the Hub's `datasets` 5.x (over Arrow) finds it for JSON from all of its rows, where
 * one row says too little: integers beside a float are floats, texts that are all dates are dates. Objects
 * whose keys differ from row to row, and values of several kinds, are kept as they are written (`json`).
 */
export type Shape =
  | { kind: "null" | "bool" | "int" | "float" | "json" }
  | { kind: "text"; isDates: boolean }
  | { kind: "list"; of: Shape }
  | { kind: "struct"; fields: ReadonlyMap<string, Shape> };

const nothing: Shape = { kind: "null" };
const json: Shape = { kind: "json" };
const int64 = 2n ** 63n;

/** The shape of what `shape` was and of one value more. */
export function withValue(shape: Shape, value: Value): Shape {
  if (value === null || shape.kind === "json") return shape;
  if (isList(value)) {
    if (shape.kind !== "list" && shape.kind !== "null") return json;
    const before = shape.kind === "list" ? shape.of : nothing;
    const of = value.reduce(withValue, before);
    return shape.kind === "list" && of === before ? shape : { kind: "list", of };
  }
  if (value instanceof PyDict) return withStruct(shape, value);
  const own = scalarShape(value);
  if (shape.kind === "null") return own;
  if (shape.kind === "text" && own.kind === "text") return shape.isDates && !own.isDates ? own : shape;
  if (shape.kind === own.kind) return shape;
  return isNumber(shape) && isNumber(own) ? { kind: "float" } : json;
}

function withStruct(shape: Shape, value: PyDict): Shape {
  const entries = [...value.entries()] as [string, Value][];
  if (shape.kind === "null") {
    if (entries.length === 0) return json;
    return { kind: "struct", fields: new Map(entries.map(([key, item]) => [key, withValue(nothing, item)])) };
  }
  if (shape.kind !== "struct" || shape.fields.size !== entries.length) return json;
  const fields = new Map(shape.fields);
  let isSame = true;
  for (const [key, item] of entries) {
    const before = fields.get(key);
    if (before === undefined) return json;
    const after = withValue(before, item);
    isSame &&= after === before;
    fields.set(key, after);
  }
  return isSame ? shape : { kind: "struct", fields };
}

function scalarShape(value: Value): Shape {
  if (typeof value === "boolean") return { kind: "bool" };
  if (typeof value === "string") return { kind: "text", isDates: isDateText(value) };
  if (typeof value === "bigint") return { kind: value >= -int64 && value < int64 ? "int" : "float" };
  return { kind: value instanceof PyFloat ? "float" : "int" };
}

function isNumber({ kind }: Shape): boolean {
  return kind === "int" || kind === "float";
}

/**
 * What a column of a later file or split is beside the first one's: that is what numbers are cast to, and
 * what a text makes texts of.
 */
export function following(first: Shape, own: Shape): Shape {
  if (isNumber(first) && isNumber(own)) return first;
  if (first.kind === "text" && (isNumber(own) || own.kind === "bool")) return first;
  if (first.kind === "list" && own.kind === "list") return { kind: "list", of: following(first.of, own.of) };
  return merged(first, own);
}

/** What two files or splits have in common, as if one had been read after the other. */
function merged(a: Shape, b: Shape): Shape {
  if (a.kind === "null") return b;
  if (b.kind === "null") return a;
  if (a.kind === "list" && b.kind === "list") return { kind: "list", of: merged(a.of, b.of) };
  if (a.kind === "text" && b.kind === "text") return { kind: "text", isDates: a.isDates && b.isDates };
  if (a.kind === "struct" && b.kind === "struct") {
    const isSame = a.fields.size === b.fields.size && [...b.fields.keys()].every((key) => a.fields.has(key));
    if (!isSame) return json;
    const fields = [...a.fields].map(([key, one]) => [key, merged(one, b.fields.get(key)!)] as const);
    return { kind: "struct", fields: new Map(fields) };
  }
  if (a.kind === b.kind) return a;
  return isNumber(a) && isNumber(b) ? { kind: "float" } : json;
}

/** The value as a row of a column of this shape has it. */
export function shaped(value: Value, shape: Shape): Value {
  if (value === null) return null;
  switch (shape.kind) {
    case "float":
      return value instanceof PyFloat ? value : new PyFloat(Number(value));
    case "int":
      if (!(value instanceof PyFloat)) return value;
      if (Number.isInteger(value.value)) return value.value;
      throw new DataError(`expected whole numbers, as in the first of the files, got ${value.value}`);
    case "text":
      if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean")
        return `${value}`;
      if (value instanceof PyFloat) return `${value.value}`;
      return shape.isDates && typeof value === "string" ? asDateText(value) : value;
    case "list":
      return isList(value) ? value.map((item) => shaped(item, shape.of)) : value;
    case "struct":
      if (!(value instanceof PyDict)) return value;
      return PyDict.of([...shape.fields].map(([key, of]) => [key, shaped(value.get(key) ?? null, of)]));
    case "json":
      return typeof value === "string" ? decoded(value) : rounded(value);
    default:
      return value;
  }
}

/** A text in a column of several kinds that is JSON itself comes back as what it says: `datasets` does so. */
function decoded(text: string): Value {
  try {
    return rounded(parseJson(text));
  } catch {
    return text;
  }
}

/** `datasets` writes such values anew with ten decimals. */
export function rounded(value: Value): Value {
  if (value instanceof PyFloat) {
    const isSmall = Math.abs(value.value) < 1e15;
    return isSmall ? new PyFloat(Number(value.value.toFixed(10)) + 0) : value;
  }
  if (isList(value)) return value.map(rounded);
  if (value instanceof PyDict)
    return PyDict.of([...value.entries()].map(([key, item]) => [key, rounded(item)]));
  return value;
}
