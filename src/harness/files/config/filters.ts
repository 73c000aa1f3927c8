import { DataError, messageOf } from "../../../errors.ts";
import type { Value } from "../../../jinja/values/values.ts";
import { suggestion } from "../../../recipe/nearest.ts";
import { filters, pythonFilters } from "../../filters/catalog/index.ts";
import { FilterError } from "../../filters/filter.ts";
import type { FindHelper } from "../../helpers/find-helper.ts";
import type { FilterConfig, TaskConfig } from "../../task-config.ts";
import { FunctionReference } from "../yaml/function-reference.ts";
import { type Checker, checkerOf, entriesOf, fail, given, list as listAt, text } from "./checker.ts";
import { functionsIn, helper, noFunctions } from "./fields.ts";

export function filterList(check: Checker, find: FindHelper): TaskConfig["filter_list"] {
  const entries = listAt(check, "filter_list");
  if (entries?.length === 0) fail(check, "filter_list", "at least one pipeline of filters", entries);
  const pipelines = entries && pipelinesOf(check, entries, find);
  const names = (pipelines ?? []).map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    fail(check, "filter_list", "pipelines with names of their own", twice, "It is there twice");
  return pipelines;
}

function pipelinesOf(
  check: Checker,
  list: readonly Value[],
  find: FindHelper,
): NonNullable<TaskConfig["filter_list"]> {
  return list.flatMap((entry, i) => {
    const key = `filter_list[${i}]`;
    const entries = entriesOf(check, key, entry);
    if (!entries) return [];
    const inner = checkerOf(entries, `${check.at}${key}.`, check);
    const name = text(inner, "name");
    if (name === undefined && given(inner, "name") === undefined)
      fail(inner, "name", "a name for the pipeline", undefined);
    const steps = listAt(inner, "filter");
    if (steps === undefined && given(inner, "filter") === undefined)
      fail(inner, "filter", "a list of filters", undefined);
    const filter = (steps ?? []).flatMap((step, j) => {
      const at = `filter[${j}]`;
      const options = entriesOf(inner, at, step);
      return options ? (filterOf(checkerOf(options, `${inner.at}${at}.`, check), find) ?? []) : [];
    });
    return name === undefined ? [] : { name, filter };
  });
}

function filterOf(check: Checker, find: FindHelper): FilterConfig | undefined {
  const said = given(check, "function");
  const isPython = said instanceof FunctionReference;
  const name = isPython ? helper(check, "function", said, "filter", find)?.name : text(check, "function");
  if (isPython && name === undefined) return undefined;
  if (name === undefined) {
    if (given(check, "function") === undefined) fail(check, "function", "the name of a filter", undefined);
    return undefined;
  }
  const known = (isPython ? pythonFilters : filters).find((filter) => filter.name === name);
  if (known === undefined) {
    const [python] = [...check.config.values()].flatMap(functionsIn);
    const hint =
      name === "custom"
        ? `It calls Python${python ? `, !function ${python.name}` : ""}, which zebratune does not`
        : suggestion(
            name,
            filters.map((filter) => filter.name),
          );
    return fail(check, "function", "a filter that zebratune has", name, hint);
  }
  const options = [...check.config].filter(([key]) => key !== "function");
  for (const [key, value] of options) noFunctions(check, key, value);
  try {
    known.make(Object.fromEntries(options));
  } catch (error) {
    if (!(error instanceof FilterError) && !(error instanceof DataError)) throw error;
    check.problems.push(`${check.at}function: ${name}: ${messageOf(error)}`);
  }
  return { function: name, options: Object.fromEntries(options) };
}
