import { expect, it } from "vitest";
import { controlDoubts, taskControls } from "../../../src/eval/tasks/results/task-controls.ts";
import type { TaskSample } from "../../../src/eval/tasks/results/task-results.ts";

/** A row with its right choice, and the one that is likeliest. */
const row = (doc_id: number, target: number, chosen: number): TaskSample => ({
  ...{
    doc_id,
    filter: "none",
    doc: {},
    doc_hash: "",
    target,
    arguments: [],
    resps: [],
    metrics: {},
    tokens: [],
  },
  filtered_resps: [0, 1, 2, 3].map((place) => [place === chosen ? -1 : -5, false]),
});
const acc = (value: number) => ({
  "acc,none": {
    metric: "acc",
    filter: "none",
    value,
    stderr: 0.1,
    aggregation: "mean",
    higher_is_better: true,
  },
});

it("what always one choice would have right, and where the likeliest choices stand", () => {
  const rights = [0, 1, 2, 3, 1, 1, 0, 2, 3, 1];
  const controls = taskControls(rights.map((right, i) => row(i, right, i < 9 ? 0 : 1)));
  expect(controls).toEqual({
    majority: { position: 2, value: 0.4, n: 10 },
    positions: [
      { position: 1, n: 2, right: 2, chosen: 9 },
      { position: 2, n: 4, right: 1, chosen: 1 },
      { position: 3, n: 2, right: 0, chosen: 0 },
      { position: 4, n: 2, right: 0, chosen: 0 },
    ],
  });
  expect(controlDoubts(controls, acc(0.3))).toEqual([
    "always choice 2 would have 40 % right: acc, 30 %, is not surely better",
    "90 % of the likeliest choices are number 1, 20 % of the right ones",
  ]);
  expect(controlDoubts(controls, acc(1))).toEqual([
    "90 % of the likeliest choices are number 1, 20 % of the right ones",
  ]);
});

it("few rows, written answers and rows that failed say nothing", () => {
  const few = taskControls(Array.from({ length: 9 }, (_, i) => row(i, 0, 0)));
  expect(controlDoubts(few, acc(0.1))).toEqual([]);
  expect(taskControls([{ ...row(0, 0, 0), target: "a text", filtered_resps: ["a text"] }])).toBeUndefined();
  expect(taskControls([{ ...row(0, 0, 0), error: "broken" }])).toBeUndefined();
});
