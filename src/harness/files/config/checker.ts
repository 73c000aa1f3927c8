import { floatText } from "../../../jinja/values/float-text.ts";
import { isList, PyDict, PyFloat, typeName, type Value } from "../../../jinja/values/values.ts";
import type { Config } from "../index/include.ts";
import { FunctionReference } from "../yaml/function-reference.ts";

/** Reads keys of one mapping and collects what is wrong with them, each as `key: expected x, got y`. */
export interface Checker {
  problems: string[];
  warnings: string[];
  /** Where the mapping stands in the file, `fewshot_config.`; empty for the file itself. */
  at: string;
  config: Config;
}

export function checkerOf(config: Config, at = "", parent?: Checker): Checker {
  return { config, at, problems: parent?.problems ?? [], warnings: parent?.warnings ?? [] };
}

export function fail(
  check: Checker,
  key: string,
  expected: string,
  value: Value | undefined,
  hint = "",
): undefined {
  const got = value instanceof FunctionReference ? `!function ${value.name}` : shown(value);
  check.problems.push(`${check.at}${key}: expected ${expected}, got ${got}${hint === "" ? "" : `. ${hint}`}`);
  return undefined;
}

/** undefined where the key is left out or null. */
export function given(check: Checker, key: string): Exclude<Value, null> | undefined {
  return check.config.get(key) ?? undefined;
}

export function text(check: Checker, key: string): string | undefined {
  const value = given(check, key);
  if (value === undefined || typeof value === "string") return value;
  return fail(check, key, "text", value);
}

/** More examples or repeats are a mistake. */
const most = 1_000_000;

export function count(check: Checker, key: string, least: number): number | undefined {
  const value = given(check, key);
  if (value === undefined) return undefined;
  if (typeof value === "number" && value >= least && value <= most) return value;
  return fail(check, key, `a whole number from ${least} to ${most}`, value);
}

export function flag(check: Checker, key: string): boolean | undefined {
  const value = given(check, key);
  if (value === undefined || typeof value === "boolean") return value;
  return fail(check, key, "true or false", value);
}

/** A mapping's entries. */
export function mapping(check: Checker, key: string): Map<string, Value> | undefined {
  const value = given(check, key);
  return value === undefined ? undefined : entriesOf(check, key, value);
}

export function entriesOf(check: Checker, key: string, value: Value): Map<string, Value> | undefined {
  if (!(value instanceof PyDict)) return fail(check, key, "a mapping", value);
  const entries = new Map<string, Value>();
  for (const [name, one] of value.entries()) {
    if (typeof name !== "string") fail(check, key, "keys that are text", name);
    else entries.set(name, one);
  }
  return entries;
}

export function list(check: Checker, key: string): readonly Value[] | undefined {
  const value = given(check, key);
  if (value === undefined || isList(value)) return value;
  return fail(check, key, "a list", value);
}

export function oneOf<const T extends string>(
  check: Checker,
  key: string,
  known: readonly T[],
): T | undefined {
  const value = given(check, key);
  if (value === undefined) return undefined;
  const found = known.find((one) => one === value);
  return found ?? fail(check, key, `one of ${known.join(", ")}`, value);
}

/** A value as a message shows it: short, and one line. */
export function shown(value: Value | undefined): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "string") return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (value instanceof PyFloat) return floatText(value.value);
  if (typeof value === "boolean" || typeof value === "number") return String(value);
  if (isList(value)) return `a list of ${value.length}`;
  if (value instanceof PyDict) {
    const keys = [...value.keys()].slice(0, 5).map(String).join(", ");
    return `a mapping (${keys.slice(0, 80)})`;
  }
  return `a ${typeName(value)}`;
}
