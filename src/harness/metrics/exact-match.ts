import { equals, isNumber } from "../../jinja/values/compare.ts";
import { createRun } from "../../jinja/values/run.ts";
import { isList, PyTuple, type Value } from "../../jinja/values/values.ts";
import { flagOption, onlyOptions, patternsOption } from "../filters/options.ts";
import { pythonText } from "../python/cast.ts";
import type { Pattern } from "../python/regex/pattern.ts";
import { MetricError } from "./metric-error.ts";

/**
 * Share of predictions that equal their references, after what the options take out of both: as many of each,
 * or lists of several answers in place of one. NaN of none.
 */
export type ExactMatch = (predictions: readonly Value[], references: readonly Value[]) => number;

const punctuation = /[!-/:-@[-`{-~]/g;

/**
 * The harness's `exact_match` with its options, in its order: patterns, case, punctuation of ASCII, digits of
 * ASCII. Throws FilterError for options that it does not have.
 */
export function makeExactMatch(options: Readonly<Record<string, Value>>): ExactMatch {
  onlyOptions(options, ["regexes_to_ignore", "ignore_case", "ignore_punctuation", "ignore_numbers"]);
  const patterns = patternsOption(options, "regexes_to_ignore");
  const ignoreCase = flagOption(options, "ignore_case");
  const ignorePunctuation = flagOption(options, "ignore_punctuation");
  const ignoreNumbers = flagOption(options, "ignore_numbers");
  const isPlain = !ignoreCase && !ignorePunctuation && !ignoreNumbers;
  // An empty list of patterns leaves Python with lists, which are equal as wholes or not at all.
  const asWhole = isList(options.regexes_to_ignore ?? null) && patterns.length === 0 && isPlain;

  const reduce = (text: string): string => {
    let rest = withoutAll(text, patterns);
    if (ignoreCase) rest = rest.toLowerCase();
    if (ignorePunctuation) rest = rest.replace(punctuation, "");
    return ignoreNumbers ? rest.replace(/[0-9]/g, "") : rest;
  };

  return (predictions, references) => {
    const run = createRun(10_000_000, true);
    if (asWhole) return Number(equals(predictions, references, run));
    const [left, right] = [predictions, references].map((values) => {
      const [items, isNested] = rowOf(values);
      if (patterns.length === 0 && isPlain) return arrayOf(items);
      if (isNested && patterns.length > 0)
        throw new MetricError("exact_match: expected texts for its patterns, got a list");
      if (items.length === 0 && !isPlain)
        throw new MetricError("exact_match: expected an answer and a target, got none");
      // Patterns are applied before NumPy sees the values, so they meet what is no text.
      return (patterns.length > 0 ? items : arrayOf(items)).map((value) => reduce(asText(value)));
    }) as [Value[], Value[]];
    if (left.length !== right.length && right.length !== 1 && left.length !== 1)
      throw new MetricError(
        `exact_match: expected as many answers as targets, got ${left.length} and ${right.length}`,
      );
    const count = left.length === 1 ? right.length : left.length;
    let same = 0;
    for (let i = 0; i < count; i++) {
      const [one, other] = [left[left.length === 1 ? 0 : i]!, right[right.length === 1 ? 0 : i]!];
      if (typeof one === typeof other && equals(unpadded(one), unpadded(other), run)) same++;
      else if (isNumber(one) && isNumber(other) && equals(one, other, run)) same++;
    }
    return same / count;
  };
}

/** The values that NumPy compares: those of the one list, where all are the same list of several answers. */
function rowOf(values: readonly Value[]): [items: readonly Value[], isNested: boolean] {
  const [first] = values;
  const isNested = first !== undefined && isList(first);
  return isNested ? [first, true] : [values, false];
}

function withoutAll(text: string, patterns: readonly Pattern[]): string {
  return patterns.reduce((rest, pattern) => pattern.sub("", unpadded(rest) as string), text);
}

/** Values as a NumPy array holds them: numbers beside texts become texts. */
function arrayOf(values: readonly Value[]): readonly Value[] {
  if (values.some((value) => isList(value) || value instanceof PyTuple))
    throw new MetricError("exact_match: expected texts or numbers, got a list in a list");
  const isMixed = values.some((value) => typeof value === "string") && values.some(isNumber);
  const isPlain = values.every((value) => typeof value === "string" || isNumber(value));
  return isMixed && isPlain ? values.map(pythonText) : values;
}

function asText(value: Value): string {
  if (typeof value === "string") return value;
  throw new MetricError("exact_match: expected texts where its options change them, got another value");
}

/** NumPy fills texts up with NUL, so those at the end of one do not count. */
function unpadded(value: Value): Value {
  return typeof value === "string" && value.endsWith("\0") ? value.replace(/\0+$/, "") : value;
}
