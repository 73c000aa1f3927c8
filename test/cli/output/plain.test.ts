import { describe, expect, it } from "vitest";
import { createPlain } from "../../../src/cli/output/plain.ts";
import type { RunEvent } from "../../../src/contracts/events.ts";
import type { Verdict } from "../../../src/contracts/verdict.ts";

/** Lines for events that come at these milliseconds. */
function linesOf(events: [nowMs: number, event: RunEvent][]): string[] {
  const lines: string[] = [];
  let now = 0;
  const emit = createPlain({
    writeLine: (line) => lines.push(line),
    nowMs: () => now,
    program: "npx zebra",
  });
  for (const [nowMs, event] of events) {
    now = nowMs;
    emit(event);
  }
  return lines;
}

const step = (n: number): RunEvent => ({
  type: "train.step",
  step: n,
  totalSteps: 9,
  lossNatsPerToken: 3.21456,
  gradNorm: 1.25,
  lr: 3e-4,
  tokens: 4096,
  supervisedTokens: 512,
  tokensPerSecond: 1234.4,
  memoryBytes: 812 * 2 ** 20,
});

it("a ledger is told of the stage that it is of, also where the stage is skipped", () => {
  const ledger = { type: "ledger", dataset: "notes", kept: 1, dropped: 0, shortened: 0, changed: 0 } as const;
  const lines = linesOf([
    [0, { type: "stage.skip", stage: "mix", reason: "unchanged" }],
    [0, { ...ledger, reasons: {} }],
  ]);
  expect(lines[1]).toBe("mix       notes: 1 kept, 0 dropped");
});

it("tells each event in a line", () => {
  const lines = linesOf([
    [0, { type: "run.start", name: "quickstart", runDir: "/r", stages: ["data", "finetune"] }],
    [0, { type: "stage.start", stage: "data" }],
    [0, { type: "warning", stage: "data", message: "odd" }],
    [
      0,
      {
        type: "ledger",
        dataset: "notes",
        kept: 1200,
        dropped: 3,
        shortened: 0,
        changed: 1,
        reasons: { json_syntax: 2, empty_answer: 1 },
      },
    ],
    [0, { type: "stage.end", stage: "data", durationMs: 1500, summary: { examples: 1200 } }],
    [0, { type: "stage.skip", stage: "mix", reason: "unchanged" }],
    [0, { type: "device", stage: "finetune", name: "cpu", reason: "as asked" }],
    [0, { type: "train.resume", step: 8, path: "/r/train/checkpoint-8" }],
    [0, step(9)],
    [0, { type: "train.validation", step: 9, lossNatsPerToken: 2.5, supervisedTokens: 1000 }],
    [0, { type: "train.checkpoint", step: 9, path: "/r/train/checkpoint-9" }],
    [0, { type: "run.end", status: "done", runDir: "/r", durationMs: 61_000 }],
  ]);
  expect(lines).toEqual([
    "run       quickstart: data, finetune → /r",
    "data      started",
    "data      warning: odd",
    "data      notes: 1,201 kept (1 changed), 3 dropped (json_syntax 2, empty_answer 1)",
    "data      done in 1.5 s: 1,200 examples",
    "mix       skipped: unchanged",
    "finetune  device cpu: as asked",
    "finetune  resumed from checkpoint 8: /r/train/checkpoint-8",
    "finetune  step 9 of 9, loss 3.2146, gradient norm 1.250, lr 3.00e-4, 1,234 tokens/s, 812 MiB",
    "finetune  step 9: validation loss 2.5000 nats/token over 1,000 tokens",
    "finetune  checkpoint of step 9: /r/train/checkpoint-9",
    "run       done in 1 min 1 s: /r",
  ]);
});

describe("is thinned out", () => {
  it("training steps: the first, the last, and one every two seconds", () => {
    const lines = linesOf([1, 2, 3, 4, 5, 9].map((n) => [n * 900, step(n)]));
    expect(lines.map((line) => line.match(/step (\d)/)?.[1])).toEqual(["1", "4", "9"]);
  });

  it("progress: a new label at once, and the end", () => {
    const at = (label: string, done: number, total = 4): RunEvent => {
      return { type: "stage.progress", stage: "data", label, done, total, unit: "rows" };
    };
    expect(
      linesOf([at("a", 0), at("a", 1), at("b", 1), at("b", 2), at("b", 4), at("c", 7, 0)].map((e) => [0, e])),
    ).toEqual([
      "data      a: 0 of 4 rows (0 %)",
      "data      b: 1 of 4 rows (25 %)",
      "data      b: 4 of 4 rows (100 %)",
      "data      c: 7 rows",
    ]);
  });
});

const verdict: Verdict = {
  summary: "Better on long-qa.",
  headlines: [
    {
      ...{ benchmark: "long-qa", metric: "f1", name: "F1", better: "higher", outcome: "better", n: 50 },
      ...{ baseline: "before", model: "after", before: { value: 0.1 }, after: { value: 0.35 } },
      difference: { value: 0.25, low: 0.1, high: 0.4 },
    },
  ],
  cost: { durationMs: 1000, stages: [], text: "1.0 s" },
  advice: [{ rule: "x", evidence: "much was dropped", advice: "raise mix.max_seq_tokens" }],
  next: [{ title: "see what it was trained on", command: "inspect runs/q" }],
  files: [{ name: "report", path: "runs/q/compare/report.html" }],
};

it("a figure whose rows were cut says so, in its line and in the table", () => {
  const result = (
    slice: string,
    cut: { rows: number; share: number; tokens: number },
  ): [number, RunEvent] => [
    0,
    {
      ...{ type: "eval.result", model: "a", benchmark: "b", slice, metric: "f1", better: "higher" },
      ...{ value: 0.5, n: 40, cut },
    },
  ];
  const lines = linesOf([
    result("", { rows: 12, share: 0.3, tokens: 5120 }),
    result("short", { rows: 0, share: 0, tokens: 0 }),
    [0, { type: "run.verdict", ...verdict }],
  ]);
  expect(lines[0]).toBe("eval      a: b f1 0.5000, n 40, 12 of them cut (30 %, 5,120 tokens)");
  const table = lines.map((line) => line.trim().split(/ {2,}/));
  expect(table).toContainEqual(["benchmark", "slice", "metric", "n", "cut", "a"]);
  expect(table).toContainEqual(["b", "all", "f1", "40", "30 %", "0.5000"]);
  expect(table).toContainEqual(["b", "short", "f1", "40", "0.5000"]);
});

// The headline was one of many rows, and where the report is was never said.
it("compares results in a table at the end, models side by side", () => {
  const result = (model: string, slice: string, value: number, interval = {}): [number, RunEvent] => [
    0,
    {
      type: "eval.result",
      model,
      benchmark: "long-qa",
      slice,
      metric: "f1",
      better: "higher",
      value,
      n: 50,
      ...interval,
    },
  ];
  expect(
    linesOf([
      result("before", "", 0.1, { low: 0.05, high: 0.15 }),
      result("before", "0-2k", 0.2),
      result("after", "", 0.35),
      result("after", "0-2k", 0.15),
      [0, { type: "run.verdict", ...verdict }],
      [0, { type: "run.end", status: "done", runDir: "/r", durationMs: 1000 }],
    ]),
  ).toEqual([
    "eval      before: long-qa f1 0.1000 [0.05000, 0.1500], n 50",
    "eval      after: long-qa f1 0.3500, n 50",
    "",
    "benchmark  slice  metric   n                    before   after    change",
    "─────────  ─────  ──────  ──  ────────────────────────  ──────  ────────",
    "long-qa    all    f1      50  0.1000 [0.05000, 0.1500]  0.3500   +0.2500",
    "long-qa    0-2k   f1      50                    0.2000  0.1500  -0.05000",
    "",
    "benchmark  figure  before   after                  difference   n",
    "─────────  ──────  ──────  ──────  ──────────────────────────  ──  ───────────────",
    "long-qa    F1      0.1000  0.3500  +0.2500 [+0.1000, +0.4000]  50  ▲ better",
    "",
    "verdict     Better on long-qa.",
    "cost        1.0 s",
    "report      runs/q/compare/report.html",
    "try next    much was dropped",
    "            → raise mix.max_seq_tokens",
    "go on       npx zebra inspect runs/q   # see what it was trained on",
    "",
    "run       done in 1.0 s: /r",
  ]);
});

it("says how to go on after a stop, and what failed", () => {
  expect(
    linesOf([[0, { type: "run.end", status: "stopped", runDir: "/r", resumeCommand: "zebra run r.yaml" }]]),
  ).toEqual(["run       stopped; go on with: zebra run r.yaml"]);
  expect(linesOf([[0, { type: "run.end", status: "failed", code: "E_DATA", message: "no rows" }]])).toEqual([
    "run       failed (E_DATA): no rows",
  ]);
});

it("where the same reader has the end from stderr, it is one word and the code", () => {
  const lines: string[] = [];
  const emit = createPlain({ writeLine: (line) => lines.push(line), isEndElsewhere: true });
  emit({ type: "run.end", status: "failed", code: "E_DATA", message: "no rows" });
  emit({ type: "run.end", status: "stopped", runDir: "/r", resumeCommand: "zebra run r.yaml" });
  expect(lines).toEqual(["run       failed (E_DATA)", "run       stopped"]);
});

it("texts from data cannot control the terminal", () => {
  const message = "columns not used: \u001b[31mred\u0007";
  expect(linesOf([[0, { type: "warning", stage: "data", message }]])).toEqual([
    "data      warning: columns not used:  [31mred ",
  ]);
});
