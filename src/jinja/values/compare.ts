import { TemplateRuntimeError } from "../errors.ts";
import { iterate } from "./iterate.ts";
import { toText } from "./text.ts";
import type { Run } from "./values.ts";
import {
  isInteger,
  isList,
  isString,
  PyDict,
  PyFloat,
  PyNamespace,
  PyRange,
  PyTuple,
  PyUndefined,
  PyView,
  typeName,
  type Value,
} from "./values.ts";

export function isTrue(value: Value): boolean {
  if (typeof value === "boolean") return value;
  if (value === null || value === 0 || value === "") return false;
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return true;
  if (isList(value)) return value.length > 0;
  if (value instanceof PyUndefined) {
    value.check();
    return false;
  }
  if (value instanceof PyFloat) return value.value !== 0;
  if (value instanceof PyDict) return value.size > 0;
  if (value instanceof PyTuple) return value.items.length > 0;
  if (value instanceof PyRange) return value.length > 0;
  if (value instanceof PyView) return value.dict.size > 0;
  return isString(value) ? value.text !== "" : true;
}

/** Python's `==`. */
export function equals(left: Value, right: Value, run: Run, depth = 0): boolean {
  run.spend(1);
  if (depth > 200) throw new TemplateRuntimeError("expected values at most 200 deep, got deeper ones");
  if (left instanceof PyUndefined || right instanceof PyUndefined) {
    for (const side of [left, right]) if (side instanceof PyUndefined) side.check();
    return left instanceof PyUndefined && right instanceof PyUndefined;
  }
  if (left === right) return true;
  if (isNumber(left)) return isNumber(right) && orderNumbers(left, right) === 0;
  if (isString(left)) return isString(right) && toText(left, run) === toText(right, run);
  const all = (a: readonly Value[], b: readonly Value[]): boolean =>
    a.length === b.length && a.every((item, i) => equals(item, b[i]!, run, depth + 1));
  if (isList(left)) return isList(right) && all(left, right);
  if (left instanceof PyTuple) return right instanceof PyTuple && all(left.items, right.items);
  if (left instanceof PyDict) {
    if (!(right instanceof PyDict) || left.size !== right.size) return false;
    return Array.from(left.entries()).every(([key, value]) => {
      const other = right.get(key);
      return other !== undefined && equals(value, other, run, depth + 1);
    });
  }
  if (left instanceof PyRange)
    return right instanceof PyRange && all([...iterate(left, run)], [...iterate(right, run)]);
  if (left instanceof PyView && right instanceof PyView && left.kind === right.kind && left.kind !== "values")
    return equals(left.dict, right.dict, run, depth + 1);
  if (left instanceof PyNamespace) return false;
  return false;
}

type PyNumber = number | bigint | boolean | PyFloat;

export function isNumber(value: Value): value is PyNumber {
  return isInteger(value) || value instanceof PyFloat;
}

/** Below 0, 0 or above, exact for integers beside floats; NaN where one of them is. */
function orderNumbers(left: PyNumber, right: PyNumber): number {
  const [a, b] = [left, right].map((value) => (value instanceof PyFloat ? value.value : value));
  return a! < b! ? -1 : a! > b! ? 1 : Number.isNaN(a) || Number.isNaN(b) ? Number.NaN : 0;
}

/**
 * Below 0, 0 or above as `left` stands to `right` (NaN: neither). Throws TemplateRuntimeError for values that
 * Python does not order.
 */
export function order(left: Value, right: Value, run: Run): number {
  run.spend(1);
  for (const side of [left, right]) if (side instanceof PyUndefined) side.fail();
  if (isNumber(left) && isNumber(right)) return orderNumbers(left, right);
  if (isString(left) && isString(right)) return orderTexts(toText(left, run), toText(right, run));
  const items = (value: Value) => (isList(value) ? value : value instanceof PyTuple ? value.items : null);
  const [a, b] = [items(left), items(right)];
  if (a && b && isList(left) === isList(right)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      if (!equals(a[i]!, b[i]!, run)) return order(a[i]!, b[i]!, run);
    }
    return a.length - b.length;
  }
  throw new TemplateRuntimeError(
    `expected values that can be ordered, got ${typeName(left)} and ${typeName(right)}`,
  );
}

const surrogate = /[\ud800-\udfff]/;

/** By code points, as Python compares; UTF-16 units differ only where surrogates are. */
function orderTexts(left: string, right: string): number {
  if (left === right) return 0;
  if (!surrogate.test(left) && !surrogate.test(right)) return left < right ? -1 : 1;
  const [a, b] = [Array.from(left), Array.from(right)];
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = a[i]!.codePointAt(0)! - b[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Python's `item in container`. */
export function contains(container: Value, item: Value, run: Run): boolean {
  if (isString(container)) {
    if (item instanceof PyUndefined) item.fail();
    if (!isString(item)) throw new TemplateRuntimeError(`expected a string before in, got ${typeName(item)}`);
    run.spendText(toText(container, run).length);
    return toText(container, run).includes(toText(item, run));
  }
  if (container instanceof PyDict) return container.has(item);
  if (container instanceof PyView && container.kind === "keys") return container.dict.has(item);
  for (const one of iterate(container, run)) if (equals(one, item, run)) return true;
  return false;
}
