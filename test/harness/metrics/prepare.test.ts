import { expect, it } from "vitest";
import { prepareMetrics } from "../../../src/harness/metrics/prepare.ts";
import { taskFigures } from "../../../src/harness/metrics/task-figures.ts";
import type { MetricConfig, OutputType } from "../../../src/harness/task-config.ts";

const prepare = (output_type: OutputType, ...metrics: (Partial<MetricConfig> & { metric: string })[]) =>
  prepareMetrics({ output_type, metric_list: metrics.map((metric) => ({ options: {}, ...metric })) });

it("takes the defaults of the output type and of the metric", () => {
  const { metrics, problems } = prepareMetrics({ output_type: "loglikelihood" });
  expect(problems).toEqual([]);
  expect(metrics.map((one) => [one.name, one.aggregation.name, one.higherIsBetter])).toEqual([
    ["perplexity", "perplexity", false],
    ["acc", "mean", true],
  ]);
});

it.each([
  ["a metric that there is not", "generate_until", { metric: "bertscore" }, /bertscore/],
  ["one of evaluate's", "generate_until", { metric: "f1", options: { hf_evaluate: true } }, /runs code/],
  ["an aggregation that there is not", "multiple_choice", { metric: "acc", aggregation: "mode" }, /got mode/],
  ["pairs to be averaged", "multiple_choice", { metric: "f1", aggregation: "mean" }, /which takes numbers/],
  [
    "an option that there is not",
    "generate_until",
    { metric: "exact_match", options: { ignore_accents: true } },
    /ignore_accents/,
  ],
  [
    "a pattern that cannot be read",
    "generate_until",
    { metric: "exact_match", options: { regexes_to_ignore: ["("] } },
    /metric exact_match: pattern/,
  ],
  [
    "nothing that is computed",
    "loglikelihood",
    { metric: "acc_norm" },
    /expected a metric that loglikelihood/,
  ],
] as const)("refuses %s", (_what, outputType, metric, problem) => {
  expect(prepare(outputType, metric).problems.join("\n")).toMatch(problem);
});

it("says which metrics an output type gives no value for", () => {
  const { metrics, warnings } = prepare("multiple_choice", { metric: "acc" }, { metric: "perplexity" });
  expect(metrics.map(({ name }) => name)).toEqual(["acc"]);
  expect(warnings).toEqual([
    "metric perplexity: multiple_choice gives no value for it, so it is left out of the results",
  ]);
});

it("puts rows together by metric and filter, with standard errors", () => {
  const { metrics } = prepare("multiple_choice", { metric: "acc" });
  const got = taskFigures(metrics, [
    { metric: "acc", filter: "none", items: [1, 0, 1, 1] },
    { metric: "own", filter: "none", items: [2, 4] },
    { metric: "empty", filter: "none", items: [] },
  ]);
  expect(got.values).toEqual({ "acc,none": 0.75, "own,none": 3 });
  expect(got.errors["acc,none"]).toBeCloseTo(0.25, 12);
  expect(got.sampleLen).toBe(4);
  expect(got.warnings).toEqual([
    "metric own: the task says no aggregation for it, so its mean is taken",
    "empty,none: no row has a value for it, so it has no figure",
    expect.stringContaining("metrics have values of different numbers of rows (acc,none 4, own,none 2)"),
  ]);
});
