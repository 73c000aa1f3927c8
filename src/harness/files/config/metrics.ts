import { suggestion } from "../../../recipe/nearest.ts";
import type { FindHelper } from "../../helpers/find-helper.ts";
import { aggregations } from "../../metrics/aggregations/aggregations.ts";
import { metrics } from "../../metrics/catalog.ts";
import type { MetricConfig } from "../../task-config.ts";
import { FunctionReference } from "../yaml/function-reference.ts";
import { type Checker, checkerOf, entriesOf, fail, flag, given, list } from "./checker.ts";
import { helper, noFunctions } from "./fields.ts";

const knownMetrics = metrics.map(({ name }) => name);
const knownAggregations = aggregations.map(({ name }) => name);

const notOptions = new Set(["metric", "aggregation", "higher_is_better", "hf_evaluate"]);

/** `hasHelper`: a helper scores the rows, so that metrics are names of what it gives. */
export function metricList(check: Checker, hasHelper: boolean, find: FindHelper): MetricConfig[] | undefined {
  return list(check, "metric_list")?.flatMap((entry, i) => {
    const key = `metric_list[${i}]`;
    const entries = entriesOf(check, key, entry);
    return entries ? (metric(checkerOf(entries, `${check.at}${key}.`, check), hasHelper, find) ?? []) : [];
  });
}

function metric(check: Checker, hasHelper: boolean, find: FindHelper): MetricConfig | undefined {
  const name = given(check, "metric");
  if (name instanceof FunctionReference) {
    check.problems.push(
      `${check.at}metric: expected a metric by name, got !function ${name.name}, which is Python: zebratune ` +
        "runs none",
    );
    return undefined;
  }
  if (typeof name !== "string") return fail(check, "metric", "the name of a metric", name);
  const isFromHub = given(check, "hf_evaluate") === true && !hasHelper;
  const isKnown = hasHelper || knownMetrics.includes(name);
  if (isFromHub || !isKnown) {
    const why = isFromHub
      ? "which hf_evaluate: true takes from the Hub with code that it runs"
      : `which the harness would look for on the Hub and run as code; ${suggestion(name, knownMetrics)}`;
    check.problems.push(`${check.at}metric: expected a metric that zebratune has, got ${name}, ${why}`);
  }
  const aggregation = aggregationOf(check, find);
  if (hasHelper && given(check, "aggregation") === undefined && !knownMetrics.includes(name))
    fail(check, "aggregation", `how ${name} of all rows becomes one figure (mean, say)`, undefined);
  const higherIsBetter = flag(check, "higher_is_better");
  const options = [...check.config].filter(([key]) => !notOptions.has(key));
  for (const [key, value] of options) noFunctions(check, key, value);
  return {
    metric: name,
    ...(aggregation === undefined ? {} : { aggregation }),
    ...(higherIsBetter === undefined ? {} : { higher_is_better: higherIsBetter }),
    options: Object.fromEntries(options),
  };
}

function aggregationOf(check: Checker, find: FindHelper): MetricConfig["aggregation"] {
  const value = given(check, "aggregation");
  if (value === undefined) return undefined;
  if (value instanceof FunctionReference) return helper(check, "aggregation", value, "aggregation", find);
  if (typeof value !== "string") return fail(check, "aggregation", "the name of an aggregation", value);
  if (!knownAggregations.includes(value))
    fail(check, "aggregation", "an aggregation that there is", value, suggestion(value, knownAggregations));
  return value;
}
