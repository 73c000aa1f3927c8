import { expect, test } from "vitest";
import type { RunEvent } from "../../../src/contracts/events.ts";
import { boardView, nowLine } from "../../../tui/views/board-lines.ts";
import type { Line } from "../../../tui/views/lines.ts";
import { freshState, play } from "../harness.tsx";

const textOf = (line: Line) =>
  line
    .map(({ text }) => text)
    .join("")
    .trimEnd();
const plan = (models: string[], names: string[]): RunEvent => ({
  type: "eval.plan",
  models,
  benchmarks: names.map((name) => ({ name, items: 40 })),
});
const running = (benchmark: string, model: string, done: number, more: object = {}): RunEvent => ({
  type: "eval.running",
  ...{ benchmark, model, done, total: 40, known: 0, failed: 0, cut: 0, tokens: 100 * done },
  ...(done > 0 && { score: { metric: "acc", better: "higher", value: 0.5, low: 0.35, high: 0.65 } }),
  ...more,
});
const board = (events: RunEvent[]) =>
  play([{ type: "stage.start", stage: "eval" }, ...events], 1000, freshState()).board;

const two = board([
  plan(["before", "after"], ["qa", "sums"]),
  running("qa", "before", 0),
  running("qa", "before", 40, { failed: 2, cut: 10 }),
  running("sums", "before", 0),
  running("sums", "before", 10),
]);

test("scores so far with their intervals, what is done, failed and cut, for each model", () => {
  const { head, body } = boardView(two, 120);
  expect(head.map(textOf)).toEqual([
    "  task  metric  before         95 %  items  failed   cut  items/s  after  items",
  ]);
  expect(body.map(textOf)).toEqual([
    "○ qa    acc ↑    0.500  0.350–0.650     40       2  25 %       40      –   0/40",
    "● sums  acc ↑    0.500  0.350–0.650  10/40                     10      –   0/40",
  ]);
});

test("at 60 columns the scores and counts of two models are left", () => {
  const { body } = boardView(two, 58);
  for (const line of body) expect(textOf(line).length).toBeLessThanOrEqual(58);
  expect(textOf(body[1]!)).toMatch(/^● sums .* 0\.500 .* 10\/40 .*0\/40$/);
});

test("where there is room for lines, each model has one rather than no interval", () => {
  const { body } = boardView(two, 44, true);
  expect(body.map(textOf)[0]).toMatch(/^✔ qa +before .*0\.500 +0\.350–0\.650 +40/);
  expect(body).toHaveLength(4);
});

test("more models than fit beside each other are below each other", () => {
  const models = ["base", "lora-rank-8", "lora-rank-64", "full"];
  const many = board([plan(models, ["long-question-answering", "b"]), running("b", "full", 3)]);
  const { body } = boardView(many, 58);
  expect(body).toHaveLength(8);
  expect(textOf(body[7]!)).toMatch(/^● b +full +.*0\.500.*3\/40/);
  expect(nowLine(many, 8)).toBe(7);
  expect(nowLine(many, 2)).toBe(1);
});

test("what comes last stands: final figures, and a count that begins again", () => {
  const result: RunEvent = {
    ...{ type: "eval.result", model: "before", benchmark: "qa", slice: "", metric: "acc", better: "higher" },
    ...{ value: 0.25, low: 0.125, high: 0.375, n: 38 },
  };
  const final = play([result], 1, { ...freshState(), board: two }).board;
  expect(final.rows.get("qa")!.byModel.get("before")!.score).toEqual({
    value: 0.25,
    low: 0.125,
    high: 0.375,
  });
  const again = play([running("qa", "before", 1)], 1, { ...freshState(), board: two }).board;
  expect(again.rows.get("qa")!.byModel.get("before")!.done).toBe(1);
});
