import { expect, test } from "vitest";
import type { EventOf, RunEvent } from "../../../src/contracts/events.ts";
import { ratePerSecond } from "../../../tui/state/meter.ts";
import { progressOf } from "../../../tui/state/progress.ts";
import { differenceOf, verdict } from "../../../tui/state/results.ts";
import { reduce, requestStop, tick } from "../../../tui/state/state.ts";
import { freshState, play, recorded, upTo } from "../harness.tsx";

const step = (n: number, more: Partial<EventOf<"train.step">> = {}): RunEvent => ({
  type: "train.step",
  step: n,
  totalSteps: 10,
  lossNatsPerToken: 3,
  gradNorm: 1,
  lr: 1e-4,
  tokens: 100,
  supervisedTokens: 10,
  tokensPerSecond: 1000,
  memoryBytes: 2 ** 20,
  ...more,
});

test("before anything has happened all stages wait", () => {
  expect(freshState().stages.map(({ name, status }) => `${name} ${status}`)).toEqual([
    "data waiting",
    "mix waiting",
    "finetune waiting",
    "eval waiting",
  ]);
});

test("the stages of the run, their times and what came of them", () => {
  const start: RunEvent = { type: "run.start", name: "x", runDir: "/r", stages: ["data", "mix"] };
  let state = reduce(freshState(), start, 100);
  expect([state.runDir, state.startMs, state.stages.length]).toEqual(["/r", 0, 2]);
  state = reduce(state, { type: "stage.skip", stage: "data", reason: "the same" }, 200);
  state = reduce(state, { type: "stage.start", stage: "mix" }, 300);
  expect(state.stages[1]).toMatchObject({ name: "mix", status: "running", startMs: 300 });
  state = reduce(state, { type: "stage.end", stage: "mix", durationMs: 50, summary: { packs: 7 } }, 350);
  expect(state.stages).toEqual([
    { name: "data", status: "unchanged", startMs: 0, durationMs: 0, summary: {}, reason: "the same" },
    { name: "mix", status: "done", startMs: 300, durationMs: 50, summary: { packs: 7 }, reason: "" },
  ]);
  expect(state.log.map(({ type }) => type)).toEqual(["stage.skip", "stage.end"]);
});

test("the device that was taken stands where the one asked for stood", () => {
  const took: RunEvent = { type: "device", stage: "finetune", name: "webgpu", reason: "faster" };
  expect(reduce({ ...freshState(), device: "device auto, 2 cores" }, took, 1).device).toBe(
    "device webgpu, 2 cores",
  );
  expect(reduce({ ...freshState(), device: "2 cores" }, took, 1).device).toBe("device webgpu, 2 cores");
});

test("a stage that run.start did not name is shown all the same", () => {
  const start: RunEvent = { type: "run.start", name: "x", runDir: "/r", stages: ["data"] };
  const state = play([start, { type: "stage.start", stage: "eval" }]);
  expect(state.stages.map(({ name, status }) => `${name} ${status}`)).toEqual([
    "data waiting",
    "eval running",
  ]);
});

test("a stop or a failure marks the running stage, with the time it took", () => {
  const events: RunEvent[] = [{ type: "stage.start", stage: "mix" }];
  const stopped = play([
    ...events,
    { type: "run.end", status: "stopped", runDir: "/r", resumeCommand: "zebra run" },
  ]);
  expect(stopped.stages[1]).toMatchObject({ name: "mix", status: "stopped", durationMs: 500 });
  const failed = play([
    ...events,
    { type: "run.end", status: "failed", code: "E_DATA", message: "no\nfile" },
  ]);
  expect(failed.stages[1]).toMatchObject({ name: "mix", status: "failed" });
  expect(failed.end).toEqual({ type: "run.end", status: "failed", code: "E_DATA", message: "no\nfile" });
});

test("progress keeps its speed while the same thing is counted, and starts again with the next", () => {
  const progress = (label: string, done: number): RunEvent => ({
    type: "stage.progress",
    stage: "data",
    label,
    done,
    total: 100,
    unit: "rows",
  });
  const one = play([progress("a", 0), progress("a", 10), progress("a", 20)], 1000);
  expect(ratePerSecond(one.progress?.meter ?? { samples: [] })).toBe(10);
  expect(progressOf(one)).toEqual({
    share: 0.2,
    facts: ["a: 20 of 100 rows", "about 10 s left of this", "10.0 rows/s"],
  });
  const two = play([progress("b", 5)], 1000, one);
  expect(progressOf(two)).toEqual({ share: 0.05, facts: ["b: 5 of 100 rows"] });
});

test("an unknown total has no share and no time left", () => {
  const progress = (done: number): RunEvent => ({
    type: "stage.progress",
    stage: "data",
    label: "a",
    done,
    total: 0,
    unit: "rows",
  });
  const state = play([progress(0), progress(5)], 1000);
  expect(progressOf(state)).toEqual({ share: null, facts: ["a: 5 rows", "5.0 rows/s"] });
});

test("training: last step, curve, validation, memory and speed in steps", () => {
  const state = play(
    [
      { type: "stage.start", stage: "finetune" },
      { type: "train.validation", step: 0, lossNatsPerToken: 4, supervisedTokens: 9 },
      step(1, { memoryBytes: 500 }),
      step(2, { lossNatsPerToken: 2.5, memoryBytes: 400 }),
      { type: "train.validation", step: 2, lossNatsPerToken: 2.75, supervisedTokens: 9 },
      { type: "train.checkpoint", step: 2, path: "/r/train/checkpoint-2" },
    ],
    2000,
  );
  const { training } = state;
  expect(training.last?.lossNatsPerToken).toBe(2.5);
  expect(training.train.buckets.map(({ sum }) => sum)).toEqual([3, 2.5]);
  expect(training.validation.buckets.map(({ firstStep, sum }) => [firstStep, sum])).toEqual([
    [0, 4],
    [2, 2.75],
  ]);
  expect([training.firstValidation?.step, training.lastValidation?.step, training.checkpointStep]).toEqual([
    0, 2, 2,
  ]);
  expect([state.memoryBytes, state.peakMemoryBytes]).toEqual([400, 500]);
  // By the steps' own tokens a second, not by the time between them, which validations are part of.
  expect(progressOf(state)?.share).toBe(0.2);
  expect(progressOf(state)?.facts[0]).toBe("step 2 of 10");
});

test("the same steps told twice are one; other counts of a training stay beside it", () => {
  const progress = (label: string, done: number, total: number): RunEvent => ({
    type: "stage.progress",
    stage: "finetune",
    label,
    done,
    total,
    unit: "x",
  });
  const base = play([{ type: "stage.start", stage: "finetune" }, step(1), progress("training", 1, 10)]);
  expect(base.progress).toBeNull();
  const validating = play([progress("validation", 3, 8)], 500, base);
  expect(validating.progress).toMatchObject({ label: "validation", done: 3, total: 8 });
  expect(progressOf(validating)?.facts[0]).toBe("step 1 of 10");
});

test("a diverged loss is counted, not drawn", () => {
  const state = play([step(1), step(2, { lossNatsPerToken: Number.NaN })]);
  expect([state.training.train.buckets.length, state.training.train.lost]).toEqual([1, 1]);
});

test("the same warning is printed once and counted each time", () => {
  const warning = (message: string): RunEvent => ({ type: "warning", stage: "mix", message });
  const state = play([warning("a"), warning("b"), warning("a")]);
  expect(state.warnings).toBe(3);
  expect(state.log.map((entry) => (entry.type === "warning" ? entry.message : ""))).toEqual(["a", "b"]);
});

test("ledgers belong to the stage that runs, also when their stage is skipped", () => {
  const ledger: RunEvent = {
    type: "ledger",
    dataset: "d",
    kept: 1,
    dropped: 2,
    shortened: 3,
    changed: 4,
    reasons: { schema: 2 },
  };
  const state = play([
    { type: "stage.skip", stage: "data", reason: "same" },
    ledger,
    { type: "stage.start", stage: "mix" },
    { ...ledger, kept: 9 },
  ]);
  expect([...state.ledgers.values()].map(({ stage, kept }) => `${stage} ${kept}`)).toEqual([
    "data 1",
    "mix 9",
  ]);
});

test("results come together by benchmark, slice and metric; the change is second minus first", () => {
  const result = (model: string, slice: string, value: number): RunEvent => ({
    type: "eval.result",
    model,
    benchmark: "qa",
    slice,
    metric: "f1",
    better: "higher",
    value,
    n: 5,
  });
  const state = play([result("before", "", 0.25), result("before", "long", 0.5), result("after", "", 0.75)]);
  const { models, rows } = state.results;
  const [whole, long] = [...rows.values()];
  expect(models).toEqual(["before", "after"]);
  expect([whole && differenceOf(whole, models), long && differenceOf(long, models)]).toEqual([
    { value: 0.5 },
    null,
  ]);
  const ofWhole = { benchmark: "qa", slice: "", metric: "f1", better: "higher" } as const;
  const difference = { ...ofWhole, value: 0.49, low: 0.4, high: 0.6, n: 5 };
  const measured = play([{ type: "eval.difference", ...difference }], 1, state);
  const [row] = [...measured.results.rows.values()];
  expect(measured.results.models).toEqual(["before", "after"]);
  expect(row && differenceOf(row, measured.results.models)).toEqual({ value: 0.49, low: 0.4, high: 0.6 });
});

test("a change is for the better as its metric says, and nothing where its interval holds 0", () => {
  expect(verdict("lower", { value: -0.1 })).toBe("better");
  expect(verdict("lower", { value: 0.1, low: 0.05, high: 0.2 })).toBe("worse");
  expect(verdict("higher", { value: 0.1 })).toBe("better");
  expect(verdict("higher", { value: 0.1, low: -0.05, high: 0.2 })).toBe("same");
});

test("texts from data cannot move the cursor or hide", () => {
  const state = play([
    { type: "warning", stage: "data", message: "one\u001b[2J\r\ntwo\u202e" },
    { type: "stage.end", stage: "data", durationMs: 1, summary: { "a\nb": "c\u0007\nd" } },
  ]);
  expect(state.log[0]).toMatchObject({ message: "one [2J\ntwo " });
  expect(state.log[1]).toMatchObject({ summary: { "a b": "c  d" } });
});

test("time and memory go on without events; a wish to stop is kept", () => {
  const state = requestStop(tick(tick(freshState(), 5000, 900), 6000, 300));
  expect([state.nowMs, state.memoryBytes, state.peakMemoryBytes, state.stopping]).toEqual([
    6000,
    300,
    900,
    true,
  ]);
});

test("a state is never changed, only followed", () => {
  const before = play(upTo((event) => event.type === "train.step"));
  const copy = structuredClone(before);
  play(recorded, 10, before);
  expect(before).toEqual(copy);
});

test("the recorded run ends with everything done", () => {
  const state = play(recorded);
  expect(state.stages.map(({ status }) => status)).toEqual(["done", "done", "done", "done"]);
  expect([state.results.rows.size, state.training.last?.step, state.warnings]).toEqual([24, 240, 1]);
});

test("a difference is better or worse only where its interval leaves out 0, the ends included", () => {
  expect(verdict("higher", { value: 1, low: 0, high: 2 })).toBe("same");
  expect(verdict("lower", { value: -1, low: -2, high: 0 })).toBe("same");
  expect(verdict("higher", { value: 1, low: 0.1, high: 2 })).toBe("better");
  expect(verdict("lower", { value: 1, low: 0.1, high: 2 })).toBe("worse");
});
