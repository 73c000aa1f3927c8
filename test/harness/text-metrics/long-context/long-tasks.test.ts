import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { babilongLabels, babilongScore } from "../../../../src/harness/text-metrics/long-context/babilong.ts";
import {
  type InfiniteLabel,
  type InfiniteTask,
  infiniteBenchScores,
} from "../../../../src/harness/text-metrics/long-context/infinite-bench.ts";

const right = JSON.parse(
  readFileSync(new URL("../../fixtures/long-tasks.json", import.meta.url), "utf8"),
) as {
  infinitebench: [InfiniteTask, string, InfiniteLabel, number][];
  babilong: [task: string, prediction: string, target: string, question: string, score: number][];
};

it("∞Bench's twelve tasks are scored as its script scores them", () => {
  const scores = right.infinitebench.map(([task, prediction, label]) =>
    infiniteBenchScores[task](prediction, label),
  );
  for (const [i, [, , , score]] of right.infinitebench.entries()) expect(scores[i]).toBeCloseTo(score, 12);
  expect(new Set(right.infinitebench.map(([task]) => task)).size).toBe(12);
});

it("BABILong's answers are scored as its script scores them", () => {
  const scores = right.babilong.map(([task, prediction, target, question]) =>
    babilongScore(prediction, target, question, babilongLabels[task]!),
  );
  expect(scores).toEqual(right.babilong.map((row) => row[4]));
});
