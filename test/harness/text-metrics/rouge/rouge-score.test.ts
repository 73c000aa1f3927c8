import { expect, it } from "vitest";
import { rougeScore, rougeScoreOfBest } from "../../../../src/harness/text-metrics/rouge/rouge-score.ts";

it("has precision and recall, not only their mean", () => {
  const { precision, recall } = rougeScore("rouge1", "the cat sat", "the cat");
  expect([precision, recall]).toEqual([2 / 3, 1]);
  expect(rougeScore("rouge2", "one", "one")).toEqual({ precision: 0, recall: 0, fmeasure: 0 });
});

it("of several targets, that with the highest F, the first among equals", () => {
  const best = rougeScoreOfBest("rougeL", "a b c d", ["a b x y z w", "a b c x", "d c b a"]);
  expect(best).toEqual(rougeScore("rougeL", "a b c d", "a b c x"));
  // Recall 1 with precision 1/2, and the other way round: the same F.
  const [narrow, wide] = ["a", "a b c d"];
  expect(rougeScoreOfBest("rouge1", "a b", [narrow, wide])).toEqual(rougeScore("rouge1", "a b", narrow));
  expect(rougeScoreOfBest("rouge1", "a b", [wide, narrow])).toEqual(rougeScore("rouge1", "a b", wide));
});
