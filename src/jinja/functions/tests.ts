import { contains, equals, isNumber, isTrue, order } from "../values/compare.ts";
import { lengthOf } from "../values/iterate.ts";
import { arithmetic } from "../values/numbers.ts";
import { toText } from "../values/text.ts";
import type { Run } from "../values/values.ts";
import {
  type Arguments,
  isInteger,
  isList,
  isString,
  PyDict,
  PyFloat,
  PyFunction,
  PyIterator,
  PyMarkup,
  PyRange,
  PyTuple,
  PyUndefined,
  type Value,
} from "../values/values.ts";
import { bind } from "./arguments.ts";
import { stringMethods } from "./string-methods.ts";

export type Test = (value: Value, given: Arguments, run: Run) => boolean;

const other = (given: Arguments): Value => bind("test", given, ["other"], 1)[0]!;
const eq: Test = (value, given, run) => equals(value, other(given), run);
const ne: Test = (value, given, run) => !equals(value, other(given), run);
const lt: Test = (value, given, run) => order(value, other(given), run) < 0;
const le: Test = (value, given, run) => order(value, other(given), run) <= 0;
const gt: Test = (value, given, run) => order(value, other(given), run) > 0;
const ge: Test = (value, given, run) => order(value, other(given), run) >= 0;

const restOf = (value: Value, by: Value, run: Run): Value => arithmetic("%", value, by, run);
const none: Arguments = { positional: [], named: new Map() };

/** All of Jinja's tests but `filter` and `test`, which compile.ts has, since they ask for names. */
export const tests: Readonly<Record<string, Test>> = {
  "!=": ne,
  "<": lt,
  "<=": le,
  "==": eq,
  ">": gt,
  ">=": ge,
  boolean: (value) => typeof value === "boolean",
  callable: (value) => value instanceof PyFunction || value instanceof PyUndefined,
  defined: (value) => !(value instanceof PyUndefined),
  divisibleby: (value, given, run) =>
    equals(restOf(value, bind("divisibleby", given, ["num"], 1)[0]!, run), 0, run),
  eq,
  equalto: eq,
  escaped: (value) => value instanceof PyMarkup,
  even: (value, _given, run) => equals(restOf(value, 2, run), 0, run),
  false: (value) => value === false,
  float: (value) => value instanceof PyFloat,
  ge,
  greaterthan: gt,
  gt,
  in: (value, given, run) => contains(bind("in", given, ["seq"], 1)[0]!, value, run),
  integer: (value) => isInteger(value) && typeof value !== "boolean",
  iterable: (value) => value instanceof PyIterator || lengthOf(value) !== undefined,
  le,
  lessthan: lt,
  lower: (value, _given, run) => isTrue(stringMethods.islower!(toText(value, run), none, run)),
  lt,
  mapping: (value) => value instanceof PyDict,
  ne,
  none: (value) => value === null,
  number: isNumber,
  odd: (value, _given, run) => equals(restOf(value, 2, run), 1, run),
  sameas: (value, given, run) => {
    const same = other(given);
    const isPlain = isString(value) || isInteger(value);
    return value === same || (isPlain && typeof value === typeof same && equals(value, same, run));
  },
  sequence: (value) =>
    isList(value) ||
    isString(value) ||
    value instanceof PyTuple ||
    value instanceof PyDict ||
    value instanceof PyRange ||
    (value instanceof PyUndefined && !value.isStrict),
  string: isString,
  true: (value) => value === true,
  undefined: (value) => value instanceof PyUndefined,
  upper: (value, _given, run) => isTrue(stringMethods.isupper!(toText(value, run), none, run)),
};
