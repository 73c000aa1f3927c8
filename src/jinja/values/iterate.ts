import { TemplateRuntimeError } from "../errors.ts";
import type { Run } from "./values.ts";
import {
  isList,
  PyDict,
  PyIterator,
  PyMarkup,
  PyRange,
  PyTuple,
  PyUndefined,
  PyView,
  typeName,
  type Value,
} from "./values.ts";

/** What a value gives when it is gone through, counted. Throws TemplateRuntimeError where Python cannot. */
export function* iterate(value: Value, run: Run): Generator<Value, void, undefined> {
  for (const item of elementsOf(value)) {
    run.spend(1);
    yield item;
  }
}

export function listOf(value: Value, run: Run): Value[] {
  return [...iterate(value, run)];
}

function elementsOf(value: Value): Iterable<Value> {
  if (isList(value) || typeof value === "string") return value;
  if (value instanceof PyTuple) return value.items;
  if (value instanceof PyDict) return value.keys();
  if (value instanceof PyView || value instanceof PyIterator) return value;
  if (value instanceof PyRange) return rangeElements(value);
  if (value instanceof PyMarkup) return value.text;
  if (value instanceof PyUndefined) {
    value.check();
    return [];
  }
  throw new TemplateRuntimeError(`expected something to go through, got ${typeName(value)}`);
}

function* rangeElements({ start, step, length }: PyRange): Iterable<number> {
  for (let i = 0; i < length; i++) yield start + i * step;
}

/** Python's `len`, or undefined where there is none. */
export function lengthOf(value: Value): number | undefined {
  if (typeof value === "string") return charCount(value);
  if (isList(value)) return value.length;
  if (value instanceof PyTuple) return value.items.length;
  if (value instanceof PyDict) return value.size;
  if (value instanceof PyRange) return value.length;
  if (value instanceof PyView) return value.dict.size;
  if (value instanceof PyMarkup) return charCount(value.text);
  if (value instanceof PyUndefined) {
    value.check();
    return 0;
  }
  return undefined;
}

const surrogates = /[\ud800-\udbff][\udc00-\udfff]/g;

/** Code points of a text. */
export function charCount(text: string): number {
  return text.length - (text.match(surrogates)?.length ?? 0);
}

/** Code points of a text as an array, or the text itself where each is one UTF-16 unit. */
export function chars(text: string): readonly string[] | string {
  surrogates.lastIndex = 0;
  return /[\ud800-\udbff]/.test(text) ? Array.from(text) : text;
}

/** Elements [start, stop) by step of something with indices, as Python's slices are meant. */
export function sliceIndices(
  length: number,
  start: number | undefined,
  stop: number | undefined,
  step: number,
): number[] {
  if (step === 0) throw new TemplateRuntimeError("expected a slice's step that is not zero, got zero");
  const isUp = step > 0;
  const clamp = (index: number): number => {
    const from = index < 0 ? index + length : index;
    return isUp ? Math.min(Math.max(from, 0), length) : Math.min(Math.max(from, -1), length - 1);
  };
  const first = start === undefined ? (isUp ? 0 : length - 1) : clamp(start);
  const end = stop === undefined ? (isUp ? length : -1) : clamp(stop);
  const indices: number[] = [];
  for (let i = first; isUp ? i < end : i > end; i += step) indices.push(i);
  return indices;
}
