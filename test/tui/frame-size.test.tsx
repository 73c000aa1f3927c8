import fc from "fast-check";
import { expect, test } from "vitest";
import type { RunEvent, StageName } from "../../src/contracts/events.ts";
import { viewNames } from "../../tui/state/looking.ts";
import { requestStop } from "../../tui/state/state.ts";
import { columnsOf, drawLeft, drawLive, drawView, play } from "./harness.tsx";

const stage = fc.constantFrom<StageName>("data", "mix", "finetune", "eval");
/** Names and messages as data may have them: long, wide, with breaks and controls. */
const text = fc
  .array(fc.constantFrom("a", "dataset", " ", "-", "日本", "ｗ", "\n", "\t", "\u001b[2J", "/", "é"), {
    maxLength: 30,
  })
  .map((parts) => parts.join(""));
const count = fc.nat({ max: 10_000_000 });
const number = fc.oneof(fc.double({ noNaN: false }), fc.double({ min: 0, max: 10 }));
const counts = fc.dictionary(text, count, { maxKeys: 4 });

const event: fc.Arbitrary<RunEvent> = fc.oneof(
  fc.record({
    type: fc.constant("run.start"),
    name: text,
    runDir: text,
    stages: fc.uniqueArray(stage),
  }),
  fc.record({ type: fc.constant("stage.start"), stage }),
  fc.record({ type: fc.constant("stage.skip"), stage, reason: text }),
  fc.record({
    type: fc.constant("stage.progress"),
    stage,
    label: text,
    done: count,
    total: count,
    unit: text,
  }),
  fc.record({ type: fc.constant("stage.end"), stage, durationMs: count, summary: counts }),
  fc.record({ type: fc.constant("warning"), stage, message: text }),
  fc.record({
    type: fc.constant("ledger"),
    dataset: text,
    kept: count,
    dropped: count,
    shortened: count,
    changed: count,
    reasons: counts,
  }),
  fc.record({
    type: fc.constant("train.step"),
    step: count,
    totalSteps: count,
    lossNatsPerToken: number,
    gradNorm: number,
    lr: number,
    tokens: count,
    supervisedTokens: count,
    lossBySource: fc.dictionary(text, fc.record({ lossNatsPerToken: number, supervisedTokens: count }), {
      maxKeys: 3,
    }),
    tokensPerSecond: number,
    memoryBytes: count,
  }),
  fc.record({
    type: fc.constant("train.validation"),
    step: count,
    lossNatsPerToken: number,
    supervisedTokens: count,
  }),
  fc.record({
    type: fc.constant("eval.difference"),
    benchmark: text,
    slice: text,
    metric: text,
    better: fc.constantFrom("higher", "lower"),
    value: number,
    low: number,
    high: number,
    n: count,
  }),
  fc.record({ type: fc.constant("train.checkpoint"), step: count, path: text }),
  fc.record({
    type: fc.constant("eval.sample"),
    model: text,
    benchmark: text,
    id: text,
    question: text,
    gold: text,
    prediction: text,
    scores: fc.dictionary(text, number, { maxKeys: 3 }),
  }),
  fc.record({
    type: fc.constant("run.verdict"),
    summary: text,
    headlines: fc.array(
      fc.record({
        benchmark: text,
        metric: text,
        name: text,
        better: fc.constantFrom("higher", "lower"),
        baseline: text,
        model: text,
        before: fc.record({ value: number }),
        after: fc.record({ value: number }),
        difference: fc.record({ value: number, low: number, high: number }),
        outcome: fc.constantFrom("better", "worse", "same", "unclear", "measured"),
        n: count,
      }),
      { maxLength: 4 },
    ),
    notes: fc.array(fc.record({ name: fc.constant("length"), text }), { maxLength: 3 }),
    cost: fc.record({ durationMs: count, stages: fc.constant([]), text }),
    advice: fc.array(fc.record({ rule: text, evidence: text, advice: text }), { maxLength: 3 }),
    next: fc.array(fc.record({ title: text, command: text }), { maxLength: 3 }),
    files: fc.array(fc.record({ name: fc.constant("report"), path: text }), { maxLength: 3 }),
  }),
  fc.record({
    type: fc.constant("eval.plan"),
    models: fc.array(text, { maxLength: 3 }),
    benchmarks: fc.array(fc.record({ name: text, items: count }), { maxLength: 4 }),
  }),
  fc.record({
    type: fc.constant("eval.running"),
    model: fc.oneof(fc.constantFrom("before", "after"), text),
    benchmark: text,
    done: count,
    total: count,
    known: count,
    failed: count,
    cut: count,
    tokens: count,
    score: fc.record({
      metric: text,
      better: fc.constantFrom("higher", "lower"),
      value: number,
      low: number,
      high: number,
    }),
  }),
  fc.record({ type: fc.constant("train.resume"), step: count, path: text }),
  fc.record(
    {
      type: fc.constant("eval.result"),
      model: fc.oneof(fc.constantFrom("before", "after"), text),
      benchmark: text,
      slice: text,
      metric: text,
      better: fc.constantFrom("higher", "lower"),
      value: number,
      low: number,
      high: number,
      n: count,
    },
    { requiredKeys: ["type", "model", "benchmark", "slice", "metric", "better", "value", "n"] },
  ),
) as fc.Arbitrary<RunEvent>;

const end = fc.oneof(
  fc.record({ type: fc.constant("run.end"), status: fc.constant("done"), runDir: text, durationMs: count }),
  fc.record({
    type: fc.constant("run.end"),
    status: fc.constant("stopped"),
    runDir: text,
    resumeCommand: text,
  }),
  fc.record({ type: fc.constant("run.end"), status: fc.constant("failed"), code: text, message: text }),
) as fc.Arbitrary<RunEvent>;

const widest = (frame: string) => Math.max(...frame.split("\n").map(columnsOf));

test("whatever happens, the live part is lower than the terminal and no wider", () => {
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 25 }),
      fc.integer({ min: 1, max: 160 }),
      fc.integer({ min: 1, max: 60 }),
      fc.boolean(),
      (events, columns, rows, isStopping) => {
        const played = play(events, 300);
        const state = isStopping ? requestStop(played) : played;
        const frame = drawLive(state, columns, rows);
        const height = frame === "" ? 0 : frame.split("\n").length;
        expect(height).toBeLessThan(rows);
        expect(widest(frame)).toBeLessThanOrEqual(columns);
      },
    ),
    { numRuns: 150 },
  );
});

test("nor is any view, while the run goes on and after it", () => {
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 20 }),
      fc.option(end, { nil: null }),
      fc.record({
        view: fc.constantFrom(...viewNames),
        isHelp: fc.boolean(),
        offset: fc.nat(40),
        sample: fc.option(fc.nat(5), { nil: null }),
      }),
      fc.integer({ min: 3, max: 160 }),
      fc.integer({ min: 1, max: 60 }),
      (events, last, looking, columns, rows) => {
        const frame = drawView(play(last ? [...events, last] : events, 300), looking, columns, rows);
        expect(frame === "" ? 0 : frame.split("\n").length).toBeLessThan(rows);
        expect(widest(frame)).toBeLessThanOrEqual(columns);
      },
    ),
    { numRuns: 100 },
  );
});

test("what stays on the terminal is no wider than it", () => {
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 15 }),
      end,
      fc.integer({ min: 20, max: 160 }),
      (events, last, columns) => {
        const state = play([...events, last], 300);
        expect(widest(drawLeft(state, columns))).toBeLessThanOrEqual(columns);
      },
    ),
    { numRuns: 60 },
  );
});
