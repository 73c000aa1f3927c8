import { isList, PyDict, type Value } from "../../../jinja/values/values.ts";
import type { GroupConfig, Member } from "../../task-config.ts";
import type { Config } from "../index/include.ts";
import { FunctionReference } from "../yaml/function-reference.ts";
import { type Checker, checkerOf, entriesOf, fail, flag, given, text } from "./checker.ts";
import { defined } from "./fewshot.ts";
import { noFunctions } from "./fields.ts";

type Aggregated = NonNullable<GroupConfig["aggregate_metric_list"]>[number];

const metricKeys = ["metric", "filter_list", "aggregation", "weight_by_size"];

/** A group of what its file says and of the members that were made, or everything that is wrong with it. */
export function toGroup(
  name: string,
  config: Config,
  file: string,
  members: readonly Member[],
): GroupConfig | { problems: string[] } {
  const check = checkerOf(config);
  const metadata = given(check, "metadata");
  if (metadata !== undefined) noFunctions(check, "metadata", metadata);
  const group: GroupConfig = {
    group: name,
    file,
    members,
    ...defined({
      group_alias: text(check, "group_alias"),
      aggregate_metric_list: aggregatedList(check),
    }),
    metadata:
      metadata instanceof PyDict ? Object.fromEntries(entriesOf(check, "metadata", metadata) ?? []) : {},
  };
  return check.problems.length > 0 ? { problems: check.problems } : group;
}

function aggregatedList(check: Checker): Aggregated[] | undefined {
  const value = given(check, "aggregate_metric_list");
  if (value === undefined) return undefined;
  const entries: readonly Value[] = isList(value) ? value : [value];
  return entries.flatMap((entry, i) => {
    const key = `aggregate_metric_list[${i}]`;
    const config = entriesOf(check, key, entry);
    return config ? (aggregated(checkerOf(config, `${key}.`, check)) ?? []) : [];
  });
}

function aggregated(check: Checker): Aggregated | undefined {
  for (const key of check.config.keys())
    if (!metricKeys.includes(key)) fail(check, key, `one of ${metricKeys.join(", ")}`, key);
  const metric = text(check, "metric");
  if (metric === undefined) {
    if (given(check, "metric") === undefined) fail(check, "metric", "the name of a metric", undefined);
    return undefined;
  }
  const aggregation = given(check, "aggregation");
  if (aggregation instanceof FunctionReference || (aggregation !== undefined && aggregation !== "mean"))
    fail(check, "aggregation", "mean, the one that there is for groups", aggregation);
  const filters = given(check, "filter_list");
  const list = filters === undefined ? undefined : isList(filters) ? filters : [filters];
  const names = list?.filter((filter) => typeof filter === "string");
  if (names?.length !== list?.length) fail(check, "filter_list", "names of filter pipelines", filters);
  return {
    metric,
    ...(names === undefined ? {} : { filter_list: names }),
    weight_by_size: flag(check, "weight_by_size") ?? true,
  };
}
