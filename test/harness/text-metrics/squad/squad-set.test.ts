import { expect, it } from "vitest";
import { squadV1Scores, squadV2Scores } from "../../../../src/harness/text-metrics/squad/squad-set.ts";
import official from "../../fixtures/scores.json" with { type: "json" };

const { answers, given, probability, order, scores } = official.squad;
const items = answers.map((some, i) => ({ id: `q${i}`, answers: some }));
const predictions = new Map(given.map((text, i) => [`q${i}`, text]));

it("v2.0's scores and best thresholds over a set, where the order of equal probabilities decides", () => {
  const probabilities = new Map(order.map((i) => [`q${i}`, probability[i]!]));
  const got = squadV2Scores(items, predictions, { probabilities, threshold: 0.5 });
  const close = Object.entries(scores).map(([name, score]) => [name, expect.closeTo(score, 10)]);
  expect(got).toEqual(Object.fromEntries(close));
  const without = squadV2Scores(items, predictions);
  expect(without).not.toHaveProperty("best_f1");
  expect(without.total).toBe(7);
});

it("a question without a prediction is a 0 in v1.1, counted, and refused by name in v2.0", () => {
  const some = new Map([["q0", "paris."]]);
  const answerable = items.filter((item) => item.answers.length > 0);
  expect(squadV1Scores(answerable, some)).toEqual({ exact_match: 25, f1: 25, missing: 3 });
  expect(() => squadV2Scores(items, some)).toThrow("SQuAD v2.0: expected a prediction for every question");
  const noAnswer = { probabilities: new Map<string, number>(), threshold: 0.5 };
  expect(() => squadV2Scores(items, predictions, noAnswer)).toThrow("got none for q0");
});
