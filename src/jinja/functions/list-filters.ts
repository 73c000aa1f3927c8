import { TemplateRuntimeError } from "../errors.ts";
import { equals, isTrue, order } from "../values/compare.ts";
import { iterate, lengthOf, listOf } from "../values/iterate.ts";
import { arithmetic } from "../values/numbers.ts";
import { toText } from "../values/text.ts";
import type { Run } from "../values/values.ts";
import {
  isInteger,
  isString,
  PyDict,
  PyIterator,
  PyTuple,
  PyUndefined,
  PyView,
  typeName,
  type Value,
} from "../values/values.ts";
import { bind, integerArgument, textArgument } from "./arguments.ts";
import { itemOf } from "./attributes.ts";
import type { Filter } from "./text-filters.ts";

/** What sorting and `unique` compare by: strings without their case unless it counts. */
function compared(value: Value, isCaseSensitive: boolean, run: Run): Value {
  return !isCaseSensitive && isString(value) ? toText(value, run).toLowerCase() : value;
}

/** Reads `a.b.0` of an item; `fallback` in place of what is undefined. */
export function pathGetter(path: Value | undefined, run: Run, fallback?: Value): (item: Value) => Value {
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

const length: Filter = (value) => {
  const count = lengthOf(value);
  if (count === undefined)
    throw new TemplateRuntimeError(`length: expected something that has a length, got ${typeName(value)}`);
  return count;
};

/** Filters of what can be gone through. */
export const listFilters: Readonly<Record<string, Filter>> = {
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
  count: length,
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
  first,
  groupby,
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
  max: extreme("max", 1),
  min: extreme("min", -1),
  reverse: (value, _given, run) => {
    if (isString(value)) return Array.from(toText(value, run)).reverse().join("");
    return new PyIterator(listOf(value, run).reverse());
  },
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
  sum: (value, given, run) => {
    const [attribute, start = 0] = bind("sum", given, ["attribute", "start"]);
    const get = pathGetter(attribute, run);
    if (isString(start)) throw new TemplateRuntimeError("sum: expected a start that is no string, got one");
    let total: Value = start;
    for (const item of iterate(value, run)) total = arithmetic("+", total, get(item), run);
    return total;
  },
};
