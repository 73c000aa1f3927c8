import { TemplateRuntimeError } from "../errors.ts";

/**
 * What a template computes with. Python's None, bool, int, float, str and list are null, boolean, number (a
 * safe integer, never a fraction) or bigint (any other integer), PyFloat, string (whole code points count,
 * not UTF-16 units) and array. All other values are objects of the classes below. Nothing of JavaScript is
 * among them: a template reaches only what `attributes.ts` gives it by name.
 */
export type Value = null | boolean | number | bigint | string | readonly Value[] | PyObject;

/** One rendering: what bounds it, and how it says that something is undefined. See run.ts. */
export interface Run {
  /** jinja2's StrictUndefined. */
  readonly isStrict: boolean;
  /** `value.__class__` is its type's name. Python's sandbox refuses it. */
  readonly hasClassNames: boolean;
  /** Of the statement that is being rendered, from 1. */
  line: number;
  /** Counts work. Throws TemplateRuntimeError when there was too much. */
  spend(units: number): void;
  /** Counts characters that are about to be made. */
  spendText(chars: number): void;
  /**
   * Calls what is nested one deeper: a macro, a recursive loop. Throws TemplateRuntimeError when that is too
   * deep.
   */
  enter<T>(inside: () => T): T;
  undefined(message: string): Value;
}

export abstract class PyObject {
  /** Python's name of the type, as errors say it. */
  abstract readonly typeName: string;
}

export class PyFloat extends PyObject {
  readonly typeName = "float";
  readonly value: number;
  constructor(value: number) {
    super();
    this.value = value;
  }
}

export class PyTuple extends PyObject {
  readonly typeName = "tuple";
  readonly items: readonly Value[];
  /** Names of the items, where it has them (what `groupby` gives). */
  readonly names: readonly string[];
  constructor(items: readonly Value[], names: readonly string[] = []) {
    super();
    this.items = items;
    this.names = names;
  }
}

/** A key as the Map of a dict holds it: 1, 1.0 and true are one key. */
type HashKey = string | number | bigint | null | symbol | PyObject;

/** Keys keep the order in which they came. Not changed once a template sees it. */
export class PyDict extends PyObject {
  readonly typeName = "dict";
  readonly #entries = new Map<HashKey, readonly [Value, Value]>();

  static of(entries: Iterable<readonly [Value, Value]>): PyDict {
    const dict = new PyDict();
    for (const [key, value] of entries) dict.put(key, value);
    return dict;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Throws TemplateRuntimeError for a key that Python cannot hash. */
  get(key: Value): Value | undefined {
    return this.#entries.get(hashKey(key))?.[1];
  }

  has(key: Value): boolean {
    return this.#entries.has(hashKey(key));
  }

  /** As Python does, an equal key that is there already stays as it was written. */
  put(key: Value, value: Value): void {
    const hash = hashKey(key);
    this.#entries.set(hash, [this.#entries.get(hash)?.[0] ?? key, value]);
  }

  *keys(): IterableIterator<Value> {
    for (const [key] of this.#entries.values()) yield key;
  }

  entries(): IterableIterator<readonly [Value, Value]> {
    return this.#entries.values();
  }
}

const undefinedKey = Symbol("undefined");
/** Begins the key of a tuple; a string that begins with it gets one more. */
const tupleMark = "\0";

function hashKey(key: Value): HashKey {
  if (typeof key === "string") return key.startsWith(tupleMark) ? tupleMark + key : key;
  if (typeof key === "number" || typeof key === "bigint" || key === null) return key;
  if (typeof key === "boolean") return Number(key);
  if (key instanceof PyFloat) {
    const { value } = key;
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(value) : value + 0;
  }
  if (key instanceof PyUndefined) return undefinedKey;
  if (key instanceof PyTuple) return `${tupleMark}${tupleKey(key)}`;
  if (isList(key) || key instanceof PyDict) {
    throw new TemplateRuntimeError(`expected a key that can be hashed, got a ${typeName(key)}`);
  }
  return key;
}

/** Tuples nest so deep, and have so many items in all, at most: a key is written out. */
const maxTupleDepth = 4;
const maxTupleItems = 1000;

function tupleKey(tuple: PyTuple, depth = 1, left = { items: maxTupleItems }): string {
  left.items -= tuple.items.length;
  if (depth > maxTupleDepth || left.items < 0) {
    throw new TemplateRuntimeError(
      `expected a key of at most ${maxTupleItems} items, ${maxTupleDepth} deep, got a larger tuple`,
    );
  }
  const parts = tuple.items.map((item) => {
    if (item instanceof PyTuple) return tupleKey(item, depth + 1, left);
    const key = hashKey(item);
    if (typeof key === "object" && key !== null)
      throw new TemplateRuntimeError(
        `expected a tuple of plain values as a key, got a ${key.typeName} in it`,
      );
    return typeof key === "string" ? JSON.stringify(key) : String(key);
  });
  return `(${parts.join(",")})`;
}

export class PyRange extends PyObject {
  readonly typeName = "range";
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  constructor(start: number, stop: number, step: number) {
    super();
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
  get length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step));
  }
}

/** `items()`, `keys()` or `values()` of a dict. */
export class PyView extends PyObject {
  readonly typeName: string;
  readonly dict: PyDict;
  readonly kind: "items" | "keys" | "values";
  constructor(dict: PyDict, kind: "items" | "keys" | "values") {
    super();
    this.dict = dict;
    this.kind = kind;
    this.typeName = `dict_${kind}`;
  }
  *[Symbol.iterator](): IterableIterator<Value> {
    for (const [key, value] of this.dict.entries()) {
      yield this.kind === "keys" ? key : this.kind === "values" ? value : new PyTuple([key, value]);
    }
  }
}

/** What `map`, `select`, `reverse` … give: it can be gone through once. */
export class PyIterator extends PyObject {
  readonly typeName: string;
  readonly iterator: Iterator<Value>;
  constructor(iterable: Iterable<Value>, typeName = "generator") {
    super();
    this.iterator = iterable[Symbol.iterator]();
    this.typeName = typeName;
  }
  [Symbol.iterator](): Iterator<Value> {
    return this.iterator;
  }
}

/** `namespace(…)`: the one thing that a template may change, with `{% set ns.x = … %}`. */
export class PyNamespace extends PyObject {
  readonly typeName = "Namespace";
  readonly attributes: Map<string, Value>;
  constructor(attributes: Map<string, Value>) {
    super();
    this.attributes = attributes;
  }
}

/** Text that is marked as safe for HTML: only `escape` and those after it care. */
export class PyMarkup extends PyObject {
  readonly typeName = "Markup";
  readonly text: string;
  constructor(text: string) {
    super();
    this.text = text;
  }
}

/** A type as a template sees it: nothing but its name. */
export class PyType extends PyObject {
  readonly typeName = "type";
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }
}

export interface Arguments {
  positional: readonly Value[];
  named: ReadonlyMap<string, Value>;
}

/** A function, a method, a macro, or something that can be called. */
export class PyFunction extends PyObject {
  readonly typeName: string = "function";
  readonly name: string;
  readonly call: (given: Arguments, run: Run) => Value;
  constructor(name: string, call: (given: Arguments, run: Run) => Value) {
    super();
    this.name = name;
    this.call = call;
  }
}

/** Something with attributes of its own: `loop`, a macro, a cycler. */
export abstract class PyAttributes extends PyFunction {
  abstract attribute(name: string): Value | undefined;
}

/**
 * jinja2's Undefined: prints as nothing, is false, empty and equal to its like; anything else fails with
 * `message`. `isStrict`: StrictUndefined, which only `is defined` and `default` take. `isUnsafe`: what the
 * sandbox gives in place of an attribute that it refuses.
 */
export class PyUndefined extends PyObject {
  readonly typeName = "Undefined";
  readonly message: string;
  readonly isStrict: boolean;
  constructor(message: string, isStrict = false) {
    super();
    this.message = message;
    this.isStrict = isStrict;
  }
  fail(): never {
    throw new TemplateRuntimeError(this.message);
  }
  /** For what only a strict one refuses. */
  check(): void {
    if (this.isStrict) this.fail();
  }
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** An int or a bool, which is one in Python. */
export function isInteger(value: Value): value is number | bigint | boolean {
  return typeof value === "number" || typeof value === "bigint" || typeof value === "boolean";
}

export function isString(value: Value): value is string | PyMarkup {
  return typeof value === "string" || value instanceof PyMarkup;
}

/** Python's name of the value's type. */
export function typeName(value: Value): string {
  if (value === null) return "NoneType";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number" || typeof value === "bigint") return "int";
  if (typeof value === "string") return "str";
  return isList(value) ? "list" : (value as PyObject).typeName;
}

/** An integer in the form that values have it in. */
export function integer(value: bigint | number): number | bigint {
  const isSafe = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
  return isSafe ? Number(value) : BigInt(value);
}
