import { expect, test } from "vitest";
import type { EventOf, RunEvent } from "../../../src/contracts/events.ts";
import type { Score } from "../../../src/eval/benchmark.ts";
import { createRunning, runningMean } from "../../../src/eval/results/running.ts";
import type { SampleLine } from "../../../src/eval/results/samples.ts";
import { taskAsking } from "../../../src/eval/tasks/results/row-scores.ts";

const acc = taskAsking([{ name: "acc", better: "higher", aggregation: "mean" }]);
const score = (metric: string, sum: number, weight = 1): Score => ({ slice: "", metric, sum, weight });
const line = (scores: Score[], more: Partial<SampleLine> = {}): SampleLine => ({
  ...{ id: "1", shortened: false, inputHash: "", promptTail: "", target: "a", prediction: "b", tokens: 10 },
  scores,
  ...more,
});

test("shares have Wilson's interval, which stays between 0 and 1", () => {
  const mean = runningMean(acc);
  expect(mean.score()).toBeUndefined();
  for (const right of [1, 0, 0, 0]) mean.add([score("acc", right)]);
  // statsmodels' proportion_confint(1, 4, method="wilson").
  expect(mean.score()).toMatchObject({ metric: "acc", better: "higher", value: 0.25 });
  expect(mean.score()!.low).toBeCloseTo(0.0456, 4);
  expect(mean.score()!.high).toBeCloseTo(0.6994, 4);
  const none = runningMean(acc);
  none.add([score("acc", 0)]);
  expect(none.score()!.low).toBe(0);
});

test("other scores have the normal interval of their mean", () => {
  const mean = runningMean(acc);
  mean.add([score("acc", 0.5)]);
  expect(mean.score()).toEqual({ metric: "acc", better: "higher", value: 0.5 });
  for (const value of [0.25, 1, 0.25]) mean.add([score("acc", value)]);
  // Standard deviation 0.35355 of n - 1, over 2, times 1.96.
  expect(mean.score()).toMatchObject({ value: 0.5 });
  expect(mean.score()!.high! - 0.5).toBeCloseTo(0.34648, 5);
});

test("figures over words or bytes weigh what they are of, and are made from the mean", () => {
  const asking = taskAsking([
    { name: "word_perplexity", better: "lower", aggregation: "weighted_perplexity" },
  ]);
  const mean = runningMean(asking);
  mean.add([score("mean of word_perplexity", -2, 1)]);
  mean.add([score("mean of word_perplexity", -4, 5)]);
  const found = mean.score()!;
  expect(found.value).toBeCloseTo(Math.exp(1), 12);
  expect(found.low!).toBeLessThan(found.value);
  expect(found.high!).toBeGreaterThan(found.value);
});

test("counts are told at once, then four times a second, and whole at the end", () => {
  const events: EventOf<"eval.running">[] = [];
  let nowMs = 0;
  const emit = (event: RunEvent) => event.type === "eval.running" && events.push(event);
  const running = createRunning({
    emit,
    model: "m",
    benchmark: "b",
    total: 9,
    asking: acc,
    nowMs: () => nowMs,
  });
  running.add(line([score("acc", 1)]), true);
  running.add({ id: "2", shortened: true, inputHash: "", error: "no" }, false);
  expect(events).toHaveLength(1);
  nowMs = 250;
  running.add(line([score("acc", 0)], { shortened: true }), false);
  expect(events[1]).toMatchObject({ done: 3, known: 1, failed: 1, cut: 2, tokens: 10, total: 9 });
  expect(events[1]!.score!.value).toBe(0.5);
  running.add(line([score("acc", 0)]), false);
  running.tell();
  expect(events.map(({ done }) => done)).toEqual([0, 3, 4]);
});
