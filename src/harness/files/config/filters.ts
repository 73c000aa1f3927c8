import { suggestion } from "../../../recipe/nearest.ts";
import type { FilterConfig, TaskConfig } from "../../task-config.ts";
import { type Checker, checkerOf, entriesOf, fail, given, list, text } from "./checker.ts";
import { noFunctions } from "./fields.ts";
import { knownFilters } from "./known.ts";

export function filterList(check: Checker): TaskConfig["filter_list"] {
  return list(check, "filter_list")?.flatMap((entry, i) => {
    const key = `filter_list[${i}]`;
    const entries = entriesOf(check, key, entry);
    if (!entries) return [];
    const inner = checkerOf(entries, `${check.at}${key}.`, check);
    const name = text(inner, "name");
    if (name === undefined && given(inner, "name") === undefined)
      fail(inner, "name", "a name for the pipeline", undefined);
    const steps = list(inner, "filter");
    if (steps === undefined && given(inner, "filter") === undefined)
      fail(inner, "filter", "a list of filters", undefined);
    const filter = (steps ?? []).flatMap((step, j) => {
      const at = `filter[${j}]`;
      const options = entriesOf(inner, at, step);
      return options ? (filterOf(checkerOf(options, `${inner.at}${at}.`, check)) ?? []) : [];
    });
    return name === undefined ? [] : { name, filter };
  });
}

function filterOf(check: Checker): FilterConfig | undefined {
  const name = text(check, "function");
  if (name === undefined) {
    if (given(check, "function") === undefined) fail(check, "function", "the name of a filter", undefined);
    return undefined;
  }
  const known = Object.hasOwn(knownFilters, name) ? knownFilters[name]! : undefined;
  if (known === undefined) {
    const hint =
      name === "custom"
        ? "It calls Python, which zebratune does not"
        : suggestion(name, Object.keys(knownFilters));
    return fail(check, "function", "a filter that zebratune has", name, hint);
  }
  const options = [...check.config].filter(([key]) => key !== "function");
  for (const [key, value] of options) {
    if (!known.includes(key))
      fail(check, key, known.length === 0 ? `no options for ${name}` : `one of ${known.join(", ")}`, key);
    else noFunctions(check, key, value);
  }
  if (name === "take_first_k" && given(check, "k") === undefined)
    fail(check, "k", "how many to take", undefined);
  return { function: name, options: Object.fromEntries(options) };
}
