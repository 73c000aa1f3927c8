import { TemplateRuntimeError } from "../errors.ts";
import { equals } from "../values/compare.ts";
import { chars, lengthOf, sliceIndices } from "../values/iterate.ts";
import { repr, toText } from "../values/text.ts";
import type { Run } from "../values/values.ts";
import {
  type Arguments,
  integer,
  isInteger,
  isList,
  isString,
  PyAttributes,
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
  typeName,
  type Value,
} from "../values/values.ts";
import { bind, integerArgument } from "./arguments.ts";
import { type FieldLookup, strFormat } from "./str-format.ts";
import { sliceText, stringMethods } from "./string-methods.ts";

type Method<T> = (self: T, given: Arguments, run: Run) => Value;

const sequenceMethods: Readonly<Record<string, Method<readonly Value[]>>> = {
  count: (self, given, run) => {
    const [wanted] = bind("count", given, ["value"], 1);
    return self.filter((item) => equals(item, wanted!, run)).length;
  },
  index: (self, given, run) => {
    const [wanted, from] = bind("index", given, ["value", "start", "stop"], 1);
    const start = integerArgument("index", from, 0);
    const at = self.findIndex((item, i) => i >= start && equals(item, wanted!, run));
    if (at < 0)
      throw new TemplateRuntimeError(
        `index: expected an item that is there, got ${repr(wanted!, run).slice(0, 60)}`,
      );
    return at;
  },
};
const listMethods: typeof sequenceMethods = {
  ...sequenceMethods,
  copy: (self, _given, run) => {
    run.spend(self.length);
    return [...self];
  },
};

const dictMethods: Readonly<Record<string, Method<PyDict>>> = {
  copy: (self, _given, run) => {
    run.spend(self.size);
    return PyDict.of(self.entries());
  },
  get: (self, given) => {
    const [key, fallback = null] = bind("get", given, ["key", "default"], 1);
    const found = self.get(key!);
    return found === undefined ? fallback : found;
  },
  items: (self) => new PyView(self, "items"),
  keys: (self) => new PyView(self, "keys"),
  values: (self) => new PyView(self, "values"),
};

/** Of strings: what they format is read as attributes and items. */
const formatMethods: Readonly<Record<string, Method<string>>> = {
  format: (self, given, run) => strFormat(self, given, fieldLookup, run),
  format_map: (self, given, run) => {
    const [mapping] = bind("format_map", given, ["mapping"], 1);
    if (!(mapping instanceof PyDict))
      throw new TemplateRuntimeError(`format_map: expected a dict, got ${typeName(mapping!)}`);
    const named = new Map(
      Array.from(mapping.entries(), ([key, value]) => [toText(key, run), value] as const),
    );
    return strFormat(self, { positional: [], named }, fieldLookup, run);
  },
};
const fieldLookup: FieldLookup = { attribute: attributeOrItem, item: itemOf };

/** Methods that change what they are called on: the sandbox refuses them, whoever made the list or dict. */
const mutating: Readonly<Record<string, readonly string[]>> = {
  list: ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"],
  dict: ["clear", "pop", "popitem", "setdefault", "update"],
};

/** The method of a value, ready to be called on it; undefined when it has none of that name. */
function methodOf(value: Value, name: string): ((given: Arguments, run: Run) => Value) | undefined {
  const of = <T>(methods: Readonly<Record<string, Method<T>>>, self: T) =>
    Object.hasOwn(methods, name)
      ? (given: Arguments, run: Run) => methods[name]!(self, given, run)
      : undefined;
  if (isString(value)) {
    const methods = Object.hasOwn(formatMethods, name) ? formatMethods : stringMethods;
    return of(methods, typeof value === "string" ? value : value.text);
  }
  if (isList(value)) return of(listMethods, value);
  if (value instanceof PyDict) return of(dictMethods, value);
  if (value instanceof PyTuple) return of(sequenceMethods, value.items);
  if (value instanceof PyRange) return of(sequenceMethods, indicesOf(value));
  if (value instanceof PyFloat && name === "is_integer") return () => Number.isInteger(value.value);
  if (isInteger(value) && name === "bit_length")
    return () =>
      BigInt(value)
        .toString(2)
        .replace(/^(-|0$)/, "").length;
  return undefined;
}

const integerAttributes: Readonly<Record<string, (value: number | bigint | boolean) => Value>> = {
  denominator: () => 1,
  imag: () => 0,
  numerator: (value) => integer(BigInt(value)),
  real: (value) => integer(BigInt(value)),
};

function indicesOf({ start, step, length }: PyRange): readonly Value[] {
  return Array.from({ length }, (_, i) => start + i * step);
}

/** What even an undefined value has in Python; the sandbox refuses them all. */
const objectDunders = ["__class__", "__doc__", "__eq__", "__hash__", "__init__", "__module__", "__str__"];

/** What Python's `getattr` gives, undefined where it fails. */
function attributeOf(value: Value, name: string, run: Run): Value | undefined {
  if (value instanceof PyUndefined && !objectDunders.includes(name)) value.fail();
  if (run.hasClassNames && name === "__class__") return new PyType(typeName(value));
  if (value instanceof PyType && name === "__name__") return value.name;
  if (/^__\w+__$/.test(name) || mutating[typeName(value)]?.includes(name)) {
    return new PyUndefined(
      `access to attribute ${repr(name, run)} of ${repr(typeName(value), run)} object is unsafe.`,
      run.isStrict,
    );
  }
  if (value instanceof PyAttributes) return value.attribute(name);
  if (value instanceof PyNamespace) return value.attributes.get(name);
  if (value instanceof PyTuple && value.names.includes(name)) return value.items[value.names.indexOf(name)];
  if (isInteger(value) && Object.hasOwn(integerAttributes, name)) return integerAttributes[name]!(value);
  if (value instanceof PyFloat && (name === "real" || name === "imag"))
    return name === "real" ? value : new PyFloat(0);
  if (value instanceof PyRange && (name === "start" || name === "stop" || name === "step"))
    return value[name];
  const method = methodOf(value, name);
  return method && new PyFunction(name, method);
}

function missing(value: Value, key: Value, run: Run): Value {
  const of = value === null ? "None" : `${typeName(value)} object`;
  return run.undefined(
    typeof key === "string"
      ? `${repr(of, run)} has no attribute ${repr(key, run)}`
      : `${of} has no element ${repr(key, run)}`,
  );
}

/** `value.name`: its attribute or method, else the item of that key. */
export function attributeOrItem(value: Value, name: string, run: Run): Value {
  const attribute = attributeOf(value, name, run);
  const found = attribute === undefined ? itemAt(value, name) : attribute;
  return found === undefined ? missing(value, name, run) : found;
}

/** `value[key]`: the item, else the attribute of that name. */
export function itemOf(value: Value, key: Value, run: Run): Value {
  if (value instanceof PyUndefined) value.fail();
  const item = itemAt(value, key);
  const found = item === undefined && isString(key) ? attributeOf(value, toText(key, run), run) : item;
  return found === undefined ? missing(value, key, run) : found;
}

function itemAt(value: Value, key: Value): Value | undefined {
  if (value instanceof PyDict) {
    const isHashable = !isList(key) && !(key instanceof PyDict);
    return isHashable ? value.get(key) : undefined;
  }
  if (!isInteger(key)) return undefined;
  const at = Number(key);
  if (isString(value)) {
    const all = chars(typeof value === "string" ? value : value.text);
    return all[at < 0 ? at + all.length : at];
  }
  if (isList(value)) return value[at < 0 ? at + value.length : at];
  if (value instanceof PyTuple) return value.items[at < 0 ? at + value.items.length : at];
  if (value instanceof PyRange) {
    const index = at < 0 ? at + value.length : at;
    return index >= 0 && index < value.length ? value.start + index * value.step : undefined;
  }
  return undefined;
}

/** `value[start:stop:step]`: undefined for what has no slices, as the sandbox asks for it. */
export function sliceOf(value: Value, bounds: readonly Value[], run: Run): Value {
  if (value instanceof PyUndefined) value.fail();
  const [start, stop, step = 1] = bounds.map((bound) => {
    if (bound instanceof PyUndefined) bound.fail();
    return bound === null ? undefined : integerArgument("slice", bound);
  });
  if (value instanceof PyMarkup) return new PyMarkup(sliceText(value.text, start, stop, step, run));
  if (typeof value === "string") return sliceText(value, start, stop, step, run);
  if (!isList(value) && !(value instanceof PyTuple) && !(value instanceof PyRange))
    return run.undefined(`${typeName(value)} object has no element slice`);
  const indices = sliceIndices(lengthOf(value)!, start, stop, step);
  run.spend(indices.length);
  const items = indices.map((at) => itemAt(value, at)!);
  if (isList(value)) return items;
  if (value instanceof PyTuple) return new PyTuple(items);
  const first = value.start + (indices[0] ?? 0) * value.step;
  return new PyRange(first, first + items.length * step * value.step, step * value.step);
}

/** Calls a value. Throws TemplateRuntimeError when it is nothing that can be called. */
export function callValue(callee: Value, given: Arguments, run: Run): Value {
  if (callee instanceof PyFunction) return callee.call(given, run);
  if (callee instanceof PyUndefined) callee.fail();
  throw new TemplateRuntimeError(`expected something that can be called, got ${typeName(callee)}`);
}

/** `value.name(…)` without a function in between where it is a method. */
export function callMethod(value: Value, name: string, given: Arguments, run: Run): Value {
  if (typeof value === "string" && Object.hasOwn(stringMethods, name))
    return stringMethods[name]!(value, given, run);
  return callValue(attributeOrItem(value, name, run), given, run);
}
