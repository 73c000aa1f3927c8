import { DataError } from "../../errors.ts";
import type { Aggregation, MetricConfig, TaskConfig } from "../task-config.ts";
import { aggregations, type HarnessAggregation } from "./aggregations/aggregations.ts";
import { defaultMetrics, type HarnessMetric, itemKind, metrics } from "./catalog.ts";
import { type ExactMatch, makeExactMatch } from "./exact-match.ts";

/** A metric of a task, ready to score rows and to be put together. */
export interface PreparedMetric {
  name: string;
  aggregation: HarnessAggregation;
  higherIsBetter: boolean | undefined;
  /** Of `exact_match` on generated texts, with its options. */
  exactMatch?: ExactMatch;
}

export interface PreparedMetrics {
  metrics: readonly PreparedMetric[];
  /** Why the task cannot be scored; nothing is asked then. */
  problems: readonly string[];
  warnings: readonly string[];
}

/**
 * The metrics of a task, or of a part of one. Metrics of a task with `process_results` may have any name:
 * that helper gives their values.
 */
export function prepareMetrics(
  task: Pick<TaskConfig, "output_type" | "metric_list" | "process_results">,
): PreparedMetrics {
  const problems: string[] = [];
  const warnings: string[] = [];
  // A name that is there twice keeps its first place and its last options, as in a Python dict.
  const prepared = new Map<string, PreparedMetric>();
  const list =
    task.metric_list ?? defaultMetrics[task.output_type].map((metric) => ({ metric, options: {} }));
  for (const config of list) {
    const problem = prepareOne(config, task, prepared, warnings);
    if (problem !== undefined) problems.push(`metric ${config.metric}: ${problem}`);
  }
  if (problems.length === 0 && prepared.size === 0)
    problems.push(
      `metric_list: expected a metric that ${task.output_type} computes, got ` +
        (list.map(({ metric }) => metric).join(", ") || "none"),
    );
  return { metrics: [...prepared.values()], problems, warnings };
}

/** Adds one metric. Returns what is wrong with it. */
function prepareOne(
  config: MetricConfig,
  task: Pick<TaskConfig, "output_type" | "process_results">,
  prepared: Map<string, PreparedMetric>,
  warnings: string[],
): string | undefined {
  const { metric: name, options } = config;
  const known = metrics.find((metric) => metric.name === name);
  if (options.hf_evaluate === true)
    return "expected a metric of the harness, got one of Hugging Face's evaluate, which runs code from there";
  if (!known && !task.process_results)
    return `expected one of ${metrics.map((metric) => metric.name).join(", ")}, got ${name}`;
  const aggregation = aggregationOf(config, known);
  if (typeof aggregation === "string") return aggregation;
  const higherIsBetter = config.higher_is_better ?? known?.higherIsBetter;
  const base = { name, aggregation, higherIsBetter };
  if (task.process_results) {
    prepared.set(name, base);
    return undefined;
  }
  const kind = itemKind(name, task.output_type);
  if (kind === undefined) {
    warnings.push(
      `metric ${name}: ${task.output_type} gives no value for it, so it is left out of the results`,
    );
    return undefined;
  }
  if (aggregation.takes !== "anything" && aggregation.takes !== kind)
    return (
      `expected an aggregation that takes ${kind} of rows, got ${aggregation.name}, which takes ` +
      `${aggregation.takes}: ${task.output_type} gives ${kind} for ${name}`
    );
  if (name !== "exact_match" || task.output_type !== "generate_until") {
    prepared.set(name, base);
    return undefined;
  }
  try {
    prepared.set(name, { ...base, exactMatch: makeExactMatch(options) });
    return undefined;
  } catch (error) {
    if (error instanceof DataError) return error.message;
    throw error;
  }
}

function aggregationOf(
  { aggregation }: MetricConfig,
  known: HarnessMetric | undefined,
): HarnessAggregation | string {
  if (typeof aggregation === "object") return ofHelper(aggregation);
  const name = aggregation ?? known?.aggregation;
  if (name === undefined) return "expected an aggregation, got none";
  const found = aggregations.find((one) => one.name === name);
  if (!found)
    return `expected an aggregation of ${aggregations.map((one) => one.name).join(", ")}, got ${name}`;
  return found;
}

/** A helper in place of a Python function: the harness has no standard error for it. */
function ofHelper({ standsFor, ofItems }: Aggregation): HarnessAggregation {
  return { name: standsFor, takes: "anything", ofItems };
}
