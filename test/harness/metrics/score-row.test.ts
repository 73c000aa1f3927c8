import { expect, it } from "vitest";
import { aggregations } from "../../../src/harness/metrics/aggregations/aggregations.ts";
import { makeExactMatch } from "../../../src/harness/metrics/exact-match.ts";
import { logLikelihoodPair, scoreRow, shapeOf } from "../../../src/harness/metrics/score-row.ts";
import { fromJs } from "../../../src/jinja/values/from-js.ts";
import { PyTuple, type Value } from "../../../src/jinja/values/values.ts";
import { readParts, rounded, type ScoreRow, typedValue } from "../parts.ts";

function score(row: ScoreRow): Record<string, unknown> {
  const metrics = row.metrics.map(([name, options]) => {
    const isText = name === "exact_match" && row.ot === "generate_until";
    const given = Object.fromEntries(Object.entries(options).map(([key, value]) => [key, fromJs(value)]));
    const base = { name, aggregation: aggregations[0]!, higherIsBetter: true };
    return isText ? { ...base, exactMatch: makeExactMatch(given) } : base;
  });
  const isPair = row.ot === "multiple_choice" || row.ot === "loglikelihood";
  const shape = { hasMultipleInputs: row.mi > 0, hasMultipleTargets: row.mt > 0 };
  const results = row.results.map((result) => {
    const value = typedValue(result);
    return isPair ? new PyTuple(value as readonly Value[]) : value;
  });
  const fields = { target: typedValue(row.target), text: typedValue(row.text) };
  const evaluated = row.choices ? { ...fields, choices: row.choices } : fields;
  return scoreRow({ output_type: row.ot, metrics, shape }, evaluated, results).items;
}

it("gives a row what the harness gives it, and fails where it ends with an exception", () => {
  const { scores } = readParts();
  expect(new Set(scores.map(({ ot }) => ot)).size).toBe(4);
  for (const row of scores) {
    const what = JSON.stringify(row);
    if (row.out.e !== undefined) {
      expect(() => score(row), what).toThrow();
      continue;
    }
    const got = Object.entries(score(row)).map(([name, item]) => [name, rounded(item)] as const);
    const expected = Object.entries(row.out.v!).map(([name, item]) => [name, rounded(item)] as const);
    expect(Object.fromEntries(got), what).toEqual(Object.fromEntries(expected));
  }
});

it("counts a gold choice that is not there as wrong, and says so", () => {
  const task = {
    output_type: "multiple_choice" as const,
    metrics: [{ name: "acc", aggregation: aggregations[1]!, higherIsBetter: true }],
    shape: { hasMultipleInputs: false, hasMultipleTargets: false },
  };
  const answers = [-1, -2].map((logLikelihood) => logLikelihoodPair({ logLikelihood, isGreedy: false }));
  expect(scoreRow(task, { choices: ["a", "b"], target: 5 }, answers)).toEqual({
    items: { acc: 0 },
    warning: "doc_to_target: expected one of 2 choices, got another: it counts as wrong",
  });
});

it("reads of the first row what holds for all, and refuses an empty choice in it", () => {
  expect(shapeOf({ choices: ["a", "b"], text: 1, target: "x" })).toEqual({
    hasMultipleInputs: true,
    hasMultipleTargets: false,
  });
  expect(shapeOf({ target: ["a"] }).hasMultipleTargets).toBe(true);
  expect(() => shapeOf({ choices: ["", "b"], target: 0 })).toThrow(/expected choices that are not empty/);
});
