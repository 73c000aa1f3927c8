import { isList, PyDict, type Value } from "../../../jinja/values/values.ts";
import type { FindHelper } from "../../helpers/find-helper.ts";
import type { Role, Roles } from "../../helpers/helper.ts";
import { checkField } from "../../jinja-field.ts";
import type { Field } from "../../task-config.ts";
import { FunctionReference } from "../yaml/function-reference.ts";
import { type Checker, fail, given } from "./checker.ts";

/** Which literals a field may be beside a column's name, a template and a function. */
interface Allowed {
  number?: boolean;
  list?: boolean;
  dict?: boolean;
}

export function field(check: Checker, key: string, find: FindHelper, allowed: Allowed): Field | undefined {
  const value = given(check, key);
  if (value === undefined) return undefined;
  if (value instanceof FunctionReference) return helper(check, key, value, "row", find);
  if (typeof value === "string") return template(check, key, value);
  if (allowed.number && typeof value === "number") return value;
  if (allowed.list && isList(value)) return noFunctions(check, key, value);
  if (allowed.dict && value instanceof PyDict) return noFunctions(check, key, value);
  const kinds = [
    "a column's name or a template",
    ...(allowed.number ? ["a whole number"] : []),
    ...(allowed.list ? ["a list"] : []),
    ...(allowed.dict ? ["a mapping"] : []),
  ];
  return fail(check, key, kinds.join(", "), value);
}

/** A template's source, once it is known to be one. */
export function template(check: Checker, key: string, source: string): string | undefined {
  const mistake = checkField(source);
  if (mistake === undefined) return source;
  check.problems.push(`${check.at}${key}: expected a template, got one with a mistake: ${mistake}`);
  return undefined;
}

/** `choice`s as a list of the file: upstream ends at one that is empty or no text. */
export function choices(check: Checker, key: string, find: FindHelper): Field | undefined {
  const value = field(check, key, find, { list: true, dict: true });
  const items = value instanceof PyDict ? [...value.entries()].map(([, item]) => item) : value;
  if (!Array.isArray(items)) return value;
  (items as Value[]).forEach((item, i) => {
    if (typeof item !== "string") fail(check, `${key}[${i}]`, "text", item, quoteHint(item));
    else if (item === "") fail(check, `${key}[${i}]`, "a choice that is not empty", item);
  });
  if (items.length === 0) fail(check, key, "at least one choice", value as readonly Value[]);
  return value;
}

function quoteHint(item: Value): string {
  return typeof item === "boolean"
    ? "YAML takes yes, no, on and off for true and false: put them in quotes"
    : "";
}

export function helper<R extends Role>(
  check: Checker,
  key: string,
  reference: FunctionReference,
  role: R,
  find: FindHelper,
): Roles[R] | undefined {
  const found = find(reference);
  const fitting = found[role] as Roles[R] | undefined;
  if (fitting) return fitting;
  const why = found.refused ?? `which is known for another use (${Object.keys(found).join(", ")})`;
  check.problems.push(`${check.at}${key}: expected no Python, got !function ${reference.name}, ${why}`);
  return undefined;
}

/** For keys that upstream calls: there is a helper, or the key is refused. */
export function helperAt<R extends Role>(
  check: Checker,
  key: string,
  role: R,
  find: FindHelper,
): Roles[R] | undefined {
  const value = given(check, key);
  if (value === undefined) return undefined;
  if (value instanceof FunctionReference) return helper(check, key, value, role, find);
  return fail(check, key, "a function, !function file.name", value);
}

/** The value, once no `!function` is anywhere in it. */
export function noFunctions<V extends Value>(check: Checker, key: string, value: V): V | undefined {
  const [found] = functionsIn(value);
  return found === undefined ? value : fail(check, key, "values without Python", found);
}

/** All `!function`s in a value. */
export function functionsIn(value: Value): FunctionReference[] {
  if (value instanceof FunctionReference) return [value];
  const items = isList(value)
    ? value
    : value instanceof PyDict
      ? [...value.entries()].map(([, item]) => item)
      : [];
  return items.flatMap(functionsIn);
}
