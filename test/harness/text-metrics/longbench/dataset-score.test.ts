import { describe, expect, it } from "vitest";
import { classificationScore } from "../../../../src/harness/text-metrics/longbench/classification.ts";
import {
  longbenchDatasets,
  longbenchScore,
  longbenchScoreByLength,
} from "../../../../src/harness/text-metrics/longbench/dataset-score.ts";
import { numpyMean } from "../../../../src/harness/text-metrics/longbench/numpy-mean.ts";
import { longbenchRouge } from "../../../../src/harness/text-metrics/longbench/rouge.ts";
import official from "../../fixtures/scores.json" with { type: "json" };

describe("LongBench's scorer and scorer_e", () => {
  for (const { dataset, rows, score, byLength } of official.datasets) {
    it(dataset, () => {
      expect(longbenchScore(dataset, rows, official.classes)).toBe(score);
      const got = longbenchScoreByLength(dataset, rows, official.classes);
      const asJson = Object.entries(got).map(([key, value]) => [key, Number.isNaN(value) ? null : value]);
      expect(Object.fromEntries(asJson)).toEqual(byLength);
    });
  }

  it("know all 21 datasets", () => {
    expect(Object.keys(longbenchDatasets)).toHaveLength(21);
  });
});

it("classes are taken out of the list that is walked through, as in the official script", () => {
  const all = ["c", "cl", "cla", "class", "x"];
  for (const { prediction, target, score } of official.classification) {
    const got = classificationScore(prediction, target, all);
    expect([prediction, target, got]).toEqual([prediction, target, expect.closeTo(score, 12)]);
  }
});

it("a sentence too long for the official script's recursion is a 0 there and here", () => {
  for (const [count, score] of official.deep) {
    const text = "a ".repeat(count!);
    expect([count, longbenchRouge(text, text)]).toEqual([count, expect.closeTo(score!, 12)]);
  }
});

it("numpy's mean adds in blocks: the last bit differs from adding one by one", () => {
  const values = Array.from({ length: 1000 }, (_, i) => ((i * 7) % 101) / 100);
  const oneByOne = values.reduce((a, b) => a + b, 0) / values.length;
  expect(numpyMean(values)).toBeCloseTo(oneByOne, 12);
  expect(numpyMean(Array.from({ length: 10 }, () => 0.1))).toBe(0.1);
  expect(numpyMean([])).toBeNaN();
});
