import { TemplateRuntimeError } from "../errors.ts";
import { escapeHtml } from "../syntax/escapes.ts";
import { isTrue } from "../values/compare.ts";
import { iterate, listOf } from "../values/iterate.ts";
import { formatPercent } from "../values/percent-format.ts";
import { repr, toText } from "../values/text.ts";
import { toJson } from "../values/to-json.ts";
import type { Run } from "../values/values.ts";
import {
  type Arguments,
  isInteger,
  PyDict,
  PyIterator,
  PyMarkup,
  PyTuple,
  PyUndefined,
  type Value,
} from "../values/values.ts";
import { bind, integerArgument, textArgument } from "./arguments.ts";
import { attributeOrItem } from "./attributes.ts";
import { listFilters, pathGetter } from "./list-filters.ts";
import { numberFilters } from "./number-filters.ts";
import { capitalize, pad, replace } from "./string-methods.ts";
import { tests } from "./tests.ts";
import { type Filter, textFilters } from "./text-filters.ts";

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

const defaultFilter: Filter = (value, given) => {
  const [fallback = "", boolean = false] = bind("default", given, ["default_value", "boolean"]);
  const isMissing = value instanceof PyUndefined || (isTrue(boolean) && !isTrue(value));
  return isMissing ? fallback : value;
};

const escaped = (text: string): PyMarkup => new PyMarkup(escapeHtml(text));

/** All of Jinja's filters but `random`, since the same template and data must give the same text. */
export const filters: Readonly<Record<string, Filter>> = {
  ...listFilters,
  ...numberFilters,
  ...textFilters,
  attr: (value, given, run) => {
    const name = toText(bind("attr", given, ["name"], 1)[0]!, run);
    // The attribute alone, never an item of that key.
    const isDict = value instanceof PyDict;
    return isDict && !isMethod(name)
      ? run.undefined(`'dict object' has no attribute ${repr(name, run)}`)
      : attributeOrItem(value, name, run);
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
  d: defaultFilter,
  default: defaultFilter,
  e: (value, _given, run) => (value instanceof PyMarkup ? value : escaped(toText(value, run))),
  escape: (value, _given, run) => (value instanceof PyMarkup ? value : escaped(toText(value, run))),
  forceescape: (value, _given, run) => escaped(toText(value, run)),
  format: (value, given, run) => {
    if (given.named.size > 0 && given.positional.length > 0)
      throw new TemplateRuntimeError("format: expected positional or named arguments, got both");
    const with_ = given.named.size > 0 ? PyDict.of(given.named) : new PyTuple(given.positional);
    return formatPercent(toText(value, run), with_, run);
  },
  lower: (value, _given, run) => toText(value, run).toLowerCase(),
  map,
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
  safe: (value, _given, run) => new PyMarkup(toText(value, run)),
  select: selecting("select", true, false),
  selectattr: selecting("selectattr", true, true),
  string: (value, _given, run) => (value instanceof PyMarkup ? value : toText(value, run)),
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
  upper: (value, _given, run) => toText(value, run).toUpperCase(),
};

function isMethod(name: string): boolean {
  return ["copy", "get", "items", "keys", "values"].includes(name);
}
