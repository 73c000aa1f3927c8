import { describe, expect, it } from "vitest";
import { benchmarkCatalog } from "../../../src/eval/benchmarks/index.ts";
import { adjustHeadlines } from "../../../src/eval/results/adjust.ts";
import type { Results } from "../../../src/eval/results/results.ts";
import { headlinesOf, outcomeOf, summaryOf } from "../../../src/eval/verdict/headlines.ts";
import { evalSpec } from "../eval-spec.ts";

const figure = (model: string, benchmark: string, metric: string, value: number, slice = "") => ({
  ...{ model, benchmark, metric, slice, value, low: value - 1, high: value + 1, n: 8 },
  better: metric === "perplexity" ? ("lower" as const) : ("higher" as const),
});

const comparison = (model: string, benchmark: string, metric: string, low: number, high: number) => ({
  ...{ benchmark, baseline: "before", model, metric, slice: "", before: 0, after: 0 },
  ...{ difference: (low + high) / 2, low, high, n: 7 },
  better: metric === "perplexity" ? ("lower" as const) : ("higher" as const),
});

function results(labels: string[], comparisons: Results["comparisons"]): Results {
  return {
    version: 1,
    models: labels.map((label) => ({ label, dir: "", sha256: "" })),
    settings: evalSpec({
      max_seq_tokens: 64,
      benchmarks: [{ name: "perplexity" }, { name: "long-qa" }, { name: "passkey" }],
    }),
    results: labels.flatMap((label, i) => [
      figure(label, "perplexity", "nats_per_token", 3),
      figure(label, "perplexity", "perplexity", 20 + i),
      figure(label, "perplexity", "perplexity", 10, "0–512"),
      figure(label, "long-qa", "f1", i / 10),
    ]),
    comparisons,
    counts: [],
  };
}

describe("headlines", () => {
  it("are one figure a benchmark, over all its items, with the paired interval", () => {
    const found = headlinesOf(
      results(
        ["before", "after"],
        [
          comparison("after", "perplexity", "perplexity", 0.5, 1.5),
          comparison("after", "long-qa", "f1", 0, 1),
        ],
      ),
    );
    expect(
      found.map(({ name, before, after, difference, outcome, n }) => [
        ...[name, before?.value, after.value, difference, outcome, n],
      ]),
    ).toEqual([
      ["perplexity", 20, 21, { value: 1, low: 0.5, high: 1.5 }, "worse", 7],
      ["F1", 0, 0.1, { value: 0.5, low: 0, high: 1 }, "same", 7],
    ]);
    expect(summaryOf(found)).toBe("Worse on perplexity. No difference on long-qa.");
  });

  it("of several models are told by model, and of one there is nothing to compare", () => {
    const several = headlinesOf(
      results(
        ["before", "a", "b"],
        [comparison("a", "long-qa", "f1", 0.1, 1), comparison("b", "long-qa", "f1", -1, -0.1)],
      ),
    );
    expect(summaryOf(several)).toBe("a: better on long-qa. b: worse on long-qa.");
    const one = headlinesOf(results(["only"], []));
    expect(one.map(({ outcome, baseline }) => [outcome, baseline])).toEqual([
      ["measured", ""],
      ["measured", ""],
    ]);
    expect(summaryOf(one)).toBe("");
  });

  it("an interval that touches 0 is no difference; without one, nothing is sure", () => {
    const of = (low?: number, high?: number, difference = 1) =>
      outcomeOf({
        better: "higher",
        difference,
        ...(low !== undefined && { low }),
        ...(high !== undefined && { high }),
      });
    expect([of(0, 1), of(0.1, 1), of(-1, -0.1), of(), of(undefined, undefined, 0)]).toEqual([
      ...["same", "better", "worse", "unclear", "same"],
    ]);
  });

  it("an exact test that says otherwise is believed: few items, or the same change in all of them", () => {
    const given = { better: "higher" as const, difference: 1, low: 0.1, high: 1 };
    expect(outcomeOf({ ...given, p: 0.03 })).toBe("better");
    expect(outcomeOf({ ...given, p: 0.03, mcnemar_p: 0.0625 })).toBe("unclear");
    // Where questions share documents, McNemar's test does not hold.
    expect(outcomeOf({ ...given, p: 0.03, mcnemar_p: 0.0625, clusters: 9 })).toBe("better");
    expect(outcomeOf({ ...given, p: 0.5 })).toBe("unclear");
  });

  it("have the p of their comparison, and Holm's over all of them", () => {
    const all = results(
      ["before", "after"],
      [
        { ...comparison("after", "perplexity", "perplexity", 0.5, 1.5), p: 0.01 },
        { ...comparison("after", "perplexity", "nats_per_token", 0.5, 1.5), p: 0.001 },
        { ...comparison("after", "long-qa", "f1", 0.1, 1), p: 0.04 },
      ],
    );
    adjustHeadlines(all);
    expect(headlinesOf(all).map(({ p, adjustedP }) => [p, adjustedP])).toEqual([
      [0.01, 0.02],
      [0.04, 0.04],
    ]);
  });

  it("every benchmark has a metric of its own as its headline", () => {
    for (const [name, { headline, metrics }] of Object.entries(benchmarkCatalog))
      expect([name, headline.metric in metrics]).toEqual([name, true]);
  });
});
