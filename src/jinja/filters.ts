import { bind, integerArgument, textArgument } from "./arguments.ts";
import { attributeOrItem, itemOf } from "./attributes.ts";
import { equals, isNumber, isTrue, order } from "./compare.ts";
import { TemplateRuntimeError } from "./errors.ts";
import { escapeHtml } from "./escapes.ts";
import { iterate, lengthOf, listOf } from "./iterate.ts";
import { formatFloat } from "./number-format.ts";
import { arithmetic, numberOf } from "./numbers.ts";
import { formatPercent } from "./percent-format.ts";
import type { Run } from "./run.ts";
import { capitalize, pad, replace, strip } from "./string-methods.ts";
import { tests } from "./tests.ts";
import { repr, toText } from "./text.ts";
import { type Filter, textFilters } from "./text-filters.ts";
import { toJson } from "./to-json.ts";
import {
  type Arguments,
  integer,
  isInteger,
  isString,
  PyDict,
  PyFloat,
  PyIterator,
  PyMarkup,
  PyTuple,
  PyUndefined,
  PyView,
  typeName,
  type Value,
} from "./values.ts";

const _nothing: Arguments = { positional: [], named: new Map() };

/** What sorting and `unique` compare by: strings without their case unless it counts. */
function compared(value: Value, isCaseSensitive: boolean, run: Run): Value {
  return !isCaseSensitive && isString(value) ? toText(value, run).toLowerCase() : value;
}

/** Reads `a.b.0` of an item; `fallback` in place of what is undefined. */
function pathGetter(path: Value | undefined, run: Run, fallback?: Value): (item: Value) => Value {
  const steps: Value[] =
    path === undefined || path === null
      ? []
      : isInteger(path)
        ? [path]
        : textArgument("attribute", path, run)
            .split(".")
            .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  return (item) => {
    let value = item;
    for (const step of steps) {
      value = itemOf(value, step, run);
      if (fallback !== undefined && value instanceof PyUndefined) value = fallback;
    }
    return value;
  };
}

/** In order of a key; lists of keys are asked whether they are equal first, as in Python. */
function sorted(items: readonly Value[], key: (item: Value) => Value, isReverse: boolean, run: Run): Value[] {
  const keyed = items.map((item) => ({ item, key: key(item) }));
  keyed.sort((a, b) => (isReverse ? order(b.key, a.key, run) : order(a.key, b.key, run)));
  return keyed.map(({ item }) => item);
}

function extreme(name: string, sign: 1 | -1): Filter {
  return (value, given, run) => {
    const [caseSensitive = false, attribute] = bind(name, given, ["case_sensitive", "attribute"]);
    const get = pathGetter(attribute, run);
    let best: { item: Value; key: Value } | undefined;
    for (const item of iterate(value, run)) {
      const key = compared(get(item), isTrue(caseSensitive), run);
      if (!best || order(key, best.key, run) * sign > 0) best = { item, key };
    }
    return best ? best.item : run.undefined("No aggregated item, sequence was empty.");
  };
}

/** `select`, `reject` and those by attribute: a test by name, or whether the item is true. */
function selecting(name: string, isWanted: boolean, byAttribute: boolean): Filter {
  return (value, given, run) => {
    const attribute = byAttribute ? given.positional[0] : undefined;
    const rest = given.positional.slice(byAttribute ? 1 : 0);
    if (byAttribute && attribute === undefined)
      throw new TemplateRuntimeError(`${name}: expected an attribute, got none`);
    const get = pathGetter(attribute, run);
    const [testName, ...testArguments] = rest;
    const test =
      testName === undefined
        ? isTrue
        : namedTest(textArgument(name, testName, run), testArguments, given, run);
    return new PyIterator(
      (function* () {
        if (!isTrue(value)) return;
        for (const item of iterate(value, run)) if (test(get(item)) === isWanted) yield item;
      })(),
    );
  };
}

function namedTest(
  name: string,
  positional: readonly Value[],
  { named }: Arguments,
  run: Run,
): (value: Value) => boolean {
  const test = Object.hasOwn(tests, name) ? tests[name]! : undefined;
  if (!test) throw new TemplateRuntimeError(`expected a test that Jinja has, got ${name}`);
  return (value) => test(value, { positional, named }, run);
}

const map: Filter = (value, given, run) => {
  const { positional, named } = given;
  let change: (item: Value) => Value;
  if (positional.length === 0 && named.has("attribute")) {
    const other = [...named.keys()].find((key) => key !== "attribute" && key !== "default");
    if (other !== undefined)
      throw new TemplateRuntimeError(`map: expected attribute and default, got ${other}`);
    change = pathGetter(named.get("attribute"), run, named.get("default"));
  } else {
    const [name, ...rest] = positional;
    const filterName = textArgument("map", name, run);
    const filter = Object.hasOwn(filters, filterName) ? filters[filterName]! : undefined;
    if (!filter) throw new TemplateRuntimeError(`map: expected a filter that Jinja has, got ${filterName}`);
    change = (item) => filter(item, { positional: rest, named }, run);
  }
  return new PyIterator(
    (function* () {
      if (!isTrue(value)) return;
      for (const item of iterate(value, run)) yield change(item);
    })(),
  );
};

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

const groupby: Filter = (value, given, run) => {
  const [attribute, fallback, caseSensitive = false] = bind(
    "groupby",
    given,
    ["attribute", "default", "case_sensitive"],
    1,
  );
  const get = pathGetter(attribute, run, fallback);
  const key = (item: Value): Value => compared(get(item), isTrue(caseSensitive), run);
  const groups: { key: Value; items: Value[] }[] = [];
  for (const item of sorted(listOf(value, run), key, false, run)) {
    const last = groups.at(-1);
    if (last && equals(last.key, key(item), run)) last.items.push(item);
    else groups.push({ key: key(item), items: [item] });
  }
  return groups.map(({ key: same, items }) => {
    const grouper = isTrue(caseSensitive) ? same : get(items[0]!);
    return new PyTuple([grouper, items], ["grouper", "list"]);
  });
};

const first: Filter = (value, _given, run) => {
  for (const item of iterate(value, run)) return item;
  return run.undefined("No first item, sequence was empty.");
};

const defaultFilter: Filter = (value, given) => {
  const [fallback = "", boolean = false] = bind("default", given, ["default_value", "boolean"]);
  const isMissing = value instanceof PyUndefined || (isTrue(boolean) && !isTrue(value));
  return isMissing ? fallback : value;
};

const length: Filter = (value) => {
  const count = lengthOf(value);
  if (count === undefined)
    throw new TemplateRuntimeError(`length: expected something that has a length, got ${typeName(value)}`);
  return count;
};

const escaped = (text: string): PyMarkup => new PyMarkup(escapeHtml(text));

/** All of Jinja's filters but `random`, since the same template and data must give the same text. */
export const filters: Readonly<Record<string, Filter>> = {
  ...textFilters,
  abs: (value) => {
    if (value instanceof PyUndefined) value.fail();
    if (isInteger(value)) return integer(Number(value) < 0 ? -BigInt(value) : BigInt(value));
    if (value instanceof PyFloat) return new PyFloat(Math.abs(value.value));
    throw new TemplateRuntimeError(`abs: expected a number, got ${typeName(value)}`);
  },
  attr: (value, given, run) => {
    const name = toText(bind("attr", given, ["name"], 1)[0]!, run);
    // The attribute alone, never an item of that key.
    const isDict = value instanceof PyDict;
    return isDict && !isMethod(name)
      ? run.undefined(`'dict object' has no attribute ${repr(name, run)}`)
      : attributeOrItem(value, name, run);
  },
  batch: (value, given, run) => {
    const [size, fill = null] = bind("batch", given, ["linecount", "fill_with"], 1);
    const count = integerArgument("batch", size);
    return new PyIterator(
      (function* () {
        const items = listOf(value, run);
        const step = count > 0 ? count : items.length || 1;
        for (let at = 0; at < items.length; at += step) {
          const row = items.slice(at, at + step);
          run.spend(step);
          if (fill !== null) while (row.length < step) row.push(fill);
          yield row;
        }
      })(),
    );
  },
  capitalize: (value, _given, run) => capitalize(toText(value, run)),
  center: (value, given, run) =>
    pad(
      toText(value, run),
      integerArgument("center", bind("center", given, ["width"])[0], 80),
      " ",
      "both",
      run,
    ),
  count: length,
  d: defaultFilter,
  default: defaultFilter,
  dictsort: (value, given, run) => {
    const [caseSensitive = false, by = "key", reverse = false] = bind("dictsort", given, [
      "case_sensitive",
      "by",
      "reverse",
    ]);
    const at = ["key", "value"].indexOf(textArgument("dictsort", by, run));
    if (at < 0) throw new TemplateRuntimeError('dictsort: expected by "key" or "value", got another');
    if (value instanceof PyUndefined) value.fail();
    if (!(value instanceof PyDict))
      throw new TemplateRuntimeError(`dictsort: expected a dict, got ${typeName(value)}`);
    const pairs = Array.from(value.entries(), (pair) => new PyTuple(pair));
    const key = (pair: Value): Value => compared((pair as PyTuple).items[at]!, isTrue(caseSensitive), run);
    return sorted(pairs, key, isTrue(reverse), run);
  },
  e: (value, _given, run) => (value instanceof PyMarkup ? value : escaped(toText(value, run))),
  escape: (value, _given, run) => (value instanceof PyMarkup ? value : escaped(toText(value, run))),
  first,
  float: (value, given, run) => {
    const [fallback = new PyFloat(0)] = bind("float", given, ["default"]);
    if (value instanceof PyUndefined) value.fail();
    if (isNumber(value)) return new PyFloat(numberOf(value));
    const float = isString(value) ? floatOf(strip(toText(value, run), null, "both")) : null;
    return float === null ? fallback : new PyFloat(float);
  },
  forceescape: (value, _given, run) => escaped(toText(value, run)),
  format: (value, given, run) => {
    if (given.named.size > 0 && given.positional.length > 0)
      throw new TemplateRuntimeError("format: expected positional or named arguments, got both");
    const with_ = given.named.size > 0 ? PyDict.of(given.named) : new PyTuple(given.positional);
    return formatPercent(toText(value, run), with_, run);
  },
  groupby,
  int: (value, given, run) => {
    const [fallback = 0, base] = bind("int", given, ["default", "base"]);
    return toInteger(value, fallback, integerArgument("int", base, 10), run);
  },
  items: (value) => {
    if (value instanceof PyUndefined) {
      value.check();
      return new PyIterator([]);
    }
    if (!(value instanceof PyDict))
      throw new TemplateRuntimeError(`items: expected a dict, got ${typeName(value)}`);
    return new PyIterator(new PyView(value, "items"));
  },
  join: (value, given, run) => {
    const [separator = "", attribute] = bind("join", given, ["d", "attribute"]);
    const get = pathGetter(attribute, run);
    const pieces = Array.from(iterate(value, run), (item) => toText(get(item), run));
    const text = pieces.join(toText(separator, run));
    run.spendText(text.length);
    return text;
  },
  last: (value, _given, run) => {
    if (value instanceof PyIterator)
      throw new TemplateRuntimeError("last: expected something that can be reversed, got a generator");
    const items = listOf(value, run);
    return items.length > 0 ? items.at(-1)! : run.undefined("No last item, sequence was empty.");
  },
  length,
  list: (value, _given, run) => listOf(value, run),
  lower: (value, _given, run) => toText(value, run).toLowerCase(),
  map,
  max: extreme("max", 1),
  min: extreme("min", -1),
  reject: selecting("reject", false, false),
  rejectattr: selecting("rejectattr", false, true),
  replace: (value, given, run) => {
    const [from, to, count] = bind("replace", given, ["old", "new", "count"], 2);
    return replace(
      toText(value, run),
      toText(from!, run),
      toText(to!, run),
      integerArgument("replace", count, -1),
      run,
    );
  },
  reverse: (value, _given, run) => {
    if (isString(value)) return Array.from(toText(value, run)).reverse().join("");
    return new PyIterator(listOf(value, run).reverse());
  },
  round,
  safe: (value, _given, run) => new PyMarkup(toText(value, run)),
  select: selecting("select", true, false),
  selectattr: selecting("selectattr", true, true),
  slice: (value, given, run) => {
    const [slices, fill = null] = bind("slice", given, ["slices", "fill_with"], 1);
    const count = integerArgument("slice", slices);
    if (count === 0) throw new TemplateRuntimeError("slice: expected a number of slices above 0, got 0");
    const items = listOf(value, run);
    run.spend(Math.max(0, count));
    const [size, longer] = [Math.floor(items.length / count), items.length % count];
    let at = 0;
    return Array.from({ length: Math.max(0, count) }, (_, i) => {
      const end = at + size + (i < longer ? 1 : 0);
      const column = items.slice(at, end);
      at = end;
      if (fill !== null && i >= longer && longer > 0) column.push(fill);
      else if (fill !== null && longer === 0 && i >= longer) column.push(fill);
      return column;
    });
  },
  sort: (value, given, run) => {
    const [reverse = false, caseSensitive = false, attribute] = bind("sort", given, [
      "reverse",
      "case_sensitive",
      "attribute",
    ]);
    const paths =
      attribute !== undefined && isString(attribute) ? toText(attribute, run).split(",") : [attribute];
    const getters = paths.map((path) => pathGetter(path, run));
    const key = (item: Value): Value => getters.map((get) => compared(get(item), isTrue(caseSensitive), run));
    return sorted(listOf(value, run), key, isTrue(reverse), run);
  },
  string: (value, _given, run) => (value instanceof PyMarkup ? value : toText(value, run)),
  sum: (value, given, run) => {
    const [attribute, start = 0] = bind("sum", given, ["attribute", "start"]);
    const get = pathGetter(attribute, run);
    if (isString(start)) throw new TemplateRuntimeError("sum: expected a start that is no string, got one");
    let total: Value = start;
    for (const item of iterate(value, run)) total = arithmetic("+", total, get(item), run);
    return total;
  },
  tojson: (value, given, run) => {
    const [ensure = false, indent = null, separators = null, sort = false] = bind("tojson", given, [
      "ensure_ascii",
      "indent",
      "separators",
      "sort_keys",
    ]);
    const parts =
      separators === null ? null : listOf(separators, run).map((part) => textArgument("tojson", part, run));
    const step =
      indent === null
        ? null
        : isInteger(indent)
          ? " ".repeat(Math.min(100, Math.max(0, Number(indent))))
          : textArgument("tojson", indent, run);
    const form = { ensureAscii: isTrue(ensure), indent: step, sortKeys: isTrue(sort) };
    return toJson(value, { ...form, separators: parts ? [parts[0] ?? "", parts[1] ?? ""] : null }, run);
  },
  unique: (value, given, run) => {
    const [caseSensitive = false, attribute] = bind("unique", given, ["case_sensitive", "attribute"]);
    const get = pathGetter(attribute, run);
    const seen = new PyDict();
    return new PyIterator(
      (function* () {
        for (const item of iterate(value, run)) {
          const key = compared(get(item), isTrue(caseSensitive), run);
          if (seen.has(key)) continue;
          seen.put(key, true);
          yield item;
        }
      })(),
    );
  },
  upper: (value, _given, run) => toText(value, run).toUpperCase(),
};

function isMethod(name: string): boolean {
  return ["copy", "get", "items", "keys", "values"].includes(name);
}
