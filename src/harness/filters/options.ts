import { isTrue } from "../../jinja/values/compare.ts";
import { isInteger, isList, isString, PyTuple, typeName, type Value } from "../../jinja/values/values.ts";
import { compilePattern, type Pattern } from "../python/regex/pattern.ts";
import { FilterError, type FilterOptions } from "./filter.ts";

/** Refuses options that a filter does not know, as Python refuses arguments. */
export function onlyOptions(options: FilterOptions, known: readonly string[]): void {
  const other = Object.keys(options).find((name) => !known.includes(name));
  if (other !== undefined)
    throw new FilterError(
      `expected ${known.length === 0 ? "no options" : `options ${known.join(", ")}`}, got ${other}`,
    );
}

export function patternOption(options: FilterOptions, name: string, fallback: string): Pattern {
  const pattern = options[name] === undefined ? fallback : options[name];
  if (typeof pattern !== "string")
    throw new FilterError(`${name}: expected a pattern as text, got ${typeName(pattern)}`);
  return compilePattern(pattern);
}

/** Patterns of a list, none where the option is missing or null. A text is its characters, as in Python. */
export function patternsOption(options: FilterOptions, name: string): Pattern[] {
  const given = options[name] ?? [];
  const all = typeof given === "string" ? Array.from(given) : given;
  if (!isList(all)) throw new FilterError(`${name}: expected a list of patterns, got ${typeName(given)}`);
  return all.map((pattern) => {
    if (typeof pattern !== "string")
      throw new FilterError(`${name}: expected patterns as text, got ${typeName(pattern)}`);
    return compilePattern(pattern);
  });
}

export function integerOption(options: FilterOptions, name: string, fallback?: number): number {
  const value = options[name] === undefined ? fallback : options[name];
  if (value === undefined) throw new FilterError(`${name}: expected a whole number, got nothing`);
  if (!isInteger(value)) throw new FilterError(`${name}: expected a whole number, got ${typeName(value)}`);
  return Number(value);
}

export function flagOption(options: FilterOptions, name: string): boolean {
  return isTrue(options[name] ?? false);
}

/** What Python goes through: the items of a list, the characters of a text. */
export function itemsOf(answers: Value): readonly Value[] {
  if (isList(answers)) return answers;
  if (answers instanceof PyTuple) return answers.items;
  if (typeof answers === "string") return Array.from(answers);
  throw new FilterError(`expected a list of answers, got ${typeName(answers)}`);
}

/** `items[at]` with Python's negative places. Throws FilterError past the ends. */
export function itemAt<T>(items: readonly T[], at: number, what: string): T {
  const index = at < 0 ? at + items.length : at;
  if (index < 0 || index >= items.length)
    throw new FilterError(`${what}: expected one of ${items.length}, got number ${at}`);
  return items[index]!;
}

export function textOf(answer: Value, what: string): string {
  if (typeof answer === "string") return answer;
  if (isString(answer)) return answer.text;
  throw new FilterError(`${what}: expected an answer as text, got ${typeName(answer)}`);
}
