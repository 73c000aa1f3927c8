import { expect, test } from "vitest";
import type { RunEvent } from "../../../src/contracts/events.ts";
import type { Recipe } from "../../../src/contracts/recipe.ts";
import { initialState, type RunState, reduce } from "../../../tui/state/state.ts";
import { timeLeft } from "../../../tui/state/time-left.ts";
import { workOf } from "../../../tui/state/work.ts";

/** Ten steps, a validation after the fifth and the last, two benchmarks asked of two models. */
const work = { validateEvery: 5, items: [4, 10], models: 2 };

/** Events with the second that they come at. */
function at(events: readonly [seconds: number, event: RunEvent][], from?: RunState): RunState {
  const first = initialState({ title: "q", runDir: "", device: "", command: "zebra", cwd: "", work }, 0);
  return events.reduce((state, [seconds, event]) => reduce(state, event, 1000 * seconds), from ?? first);
}

const start: RunEvent = {
  type: "run.start",
  name: "q",
  runDir: "/r",
  stages: ["data", "mix", "finetune", "eval"],
};
const skip = (stage: "data" | "mix" | "finetune"): RunEvent => ({ type: "stage.skip", stage, reason: "" });
const begin = (stage: "finetune" | "eval"): RunEvent => ({ type: "stage.start", stage });
const counted = (stage: "finetune", label: string, done: number, total: number): RunEvent => ({
  type: "stage.progress",
  ...{ stage, label, done, total },
  unit: "packs",
});
const plan: RunEvent = {
  type: "eval.plan",
  models: ["before", "after"],
  benchmarks: [
    { name: "a", items: 4 },
    { name: "b", items: 10 },
  ],
};
const asked = (benchmark: string, model: string, done: number, total: number, known = 0): RunEvent => ({
  type: "eval.running",
  ...{ model, benchmark, done, total, known },
  ...{ failed: 0, cut: 0, tokens: 10 * (done - known) },
});
const validated = (step: number): RunEvent => ({
  type: "train.validation",
  ...{ step, lossNatsPerToken: 3, supervisedTokens: 9 },
});
/** Of 500 tokens in two seconds. */
const step = (step: number): RunEvent => ({
  type: "train.step",
  ...{ step, totalSteps: 10, lossNatsPerToken: 3, gradNorm: 1, lr: 1e-3, tokens: 500, supervisedTokens: 9 },
  ...{ tokensPerSecond: 250, memoryBytes: 1 },
});

/** A validation of 10 packs that took 5 s, and two steps. */
const training: [number, RunEvent][] = [
  [0, start],
  [1, skip("data")],
  [1, skip("mix")],
  [1, begin("finetune")],
  [10, counted("finetune", "validation", 0, 10)],
  [14, counted("finetune", "validation", 9, 10)],
  [15, validated(0)],
  [17, step(1)],
  [19, step(2)],
];

test("nothing is promised before the model's speed is known", () => {
  expect(timeLeft(at(training.slice(0, 7)))).toBeNull();
});

test("steps, validations and the evaluation count, not only the steps", () => {
  // 8 steps of 2 s, two validations of 5 s, and 28 items at the half second that a pack takes.
  expect(timeLeft(at(training))).toBe(1000 * (16 + 10 + 14));
  // Halfway through the next step.
  expect(timeLeft({ ...at(training), nowMs: 20_000 })).toBe(1000 * (15 + 10 + 14));
});

test("the last validation is not nothing left", () => {
  const last = at(
    [
      [40, step(10)],
      [40, counted("finetune", "validation", 0, 10)],
      [42, counted("finetune", "validation", 4, 10)],
    ],
    at(training),
  );
  expect(timeLeft(last)).toBe(1000 * (3 + 14));
});

test("an evaluation is as long for the second model as for the first", () => {
  const first: [number, RunEvent][] = [
    [100, { type: "stage.end", stage: "finetune", durationMs: 1, summary: {} }],
    [100, begin("eval")],
    [100, plan],
    [100, asked("a", "before", 0, 4)],
    [104, asked("a", "before", 4, 4)],
    [104, asked("b", "before", 0, 10)],
    [134, asked("b", "before", 10, 10)],
    [134, asked("a", "after", 0, 4)],
  ];
  const state = at(first, at(training));
  expect(timeLeft(state)).toBe(1000 * (4 + 30));
  expect(timeLeft({ ...state, nowMs: 136_000 })).toBe(1000 * (2 + 30));
});

test("task files count as benchmarks do, and answers that were known took no time", () => {
  const state = at(
    [
      [100, begin("eval")],
      [100, plan],
      [100, { type: "eval.plan", models: ["before", "after"], benchmarks: [{ name: "mmlu", items: 100 }] }],
      [100, asked("a", "before", 2, 4, 2)],
      // Two items in four seconds.
      [104, asked("a", "before", 4, 4, 2)],
      [104, asked("b", "before", 0, 10)],
    ],
    at(training.slice(0, 4)),
  );
  const done = { ...state, stages: state.stages.filter(({ name }) => name === "eval") };
  // 10 and 100 with this model; 4, 10 and 100 with the next.
  expect(timeLeft(done)).toBe(2000 * (10 + 100 + 4 + 10 + 100));
});

test("rows of task files are in what is expected before the evaluation", () => {
  const harness = { limit: 30, sample: null };
  const asking = { benchmarks: [{ name: "passkey", limit: 5 }], tasks: ["arc_easy", "mmlu"], harness };
  const recipe = { finetune: { validate_every_steps: 5 }, eval: asking } as Pick<Recipe, "finetune" | "eval">;
  expect(workOf(recipe)).toEqual({ validateEvery: 5, items: [5, 30, 30], models: 2 });
});

test("what is not part of the run takes no time", () => {
  const state = at([[0, { ...start, stages: ["finetune"] } as RunEvent], ...training.slice(3)]);
  expect(timeLeft(state)).toBe(1000 * (16 + 10));
});
