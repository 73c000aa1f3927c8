import { expect, test } from "vitest";
import { toAscii } from "../../src/ascii.ts";
import { type RunState, requestStop } from "../../tui/state/state.ts";
import { logLines } from "../../tui/views/log-lines.ts";
import {
  columnsOf,
  cwd,
  drawLeft,
  drawLive,
  drawView,
  freshState,
  play,
  recorded,
  upTo,
} from "./harness.tsx";

const results = (count: number) => {
  const last = recorded.filter(({ type }) => type === "eval.result")[count - 1];
  return upTo((event) => event === last);
};

/** Moments of the recorded run. */
const moments: Record<string, RunState> = {
  start: freshState(),
  data: play(upTo((event) => event.type === "stage.progress" && event.label === "notes" && event.done > 20)),
  mix: play(upTo((event) => event.type === "stage.progress" && event.label === "pack")),
  training: play(upTo((event) => event.type === "train.step" && event.step === 150)),
  stopping: requestStop(
    play(upTo((event) => event.type === "stage.progress" && event.label === "validation" && event.done > 4)),
  ),
  eval: play(results(31)),
};

const sizes = [
  [60, 15],
  [60, 24],
  [80, 24],
  [120, 50],
] as const;

// The frames are files to look at, one a moment and size: test/tui/frames.
for (const [moment, state] of Object.entries(moments)) {
  for (const [columns, rows] of sizes) {
    test(`${moment} at ${columns} × ${rows}`, async () => {
      const frame = drawLive(state, columns, rows);
      await expect(`${frame}\n`).toMatchFileSnapshot(`./frames/${moment}-${columns}x${rows}.txt`);
      const lines = frame.split("\n");
      expect(lines.length).toBeLessThan(rows);
      expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(columns);
    });
  }
}

test("a terminal that is too small gets one line", () => {
  const { training, eval: evaluating, start } = moments;
  expect(drawLive(training!, 39, 24)).toBe(" finetune · 62 % · loss 2.198");
  expect(drawLive(training!, 80, 5)).toBe(" finetune · 62 % · loss 2.198 · step 150 of 240 · 1.2 s/step");
  expect(drawLive(evaluating!, 34, 10)).toBe(" eval · 100 %");
  expect(drawLive(start!, 20, 3)).toBe(" quickstart");
  expect(drawLive(requestStop(training!), 30, 10)).toBe(" stopping after this step, w…");
  expect(drawLive(training!, 80, 1)).toBe("");
});

const ends: Record<string, RunState> = {
  done: play(recorded),
  stopped: play([
    ...upTo((event) => event.type === "train.step" && event.step === 100),
    {
      type: "run.end",
      status: "stopped",
      runDir: `${cwd}/runs/quickstart`,
      resumeCommand: "npm run zebra -- run recipes/quickstart.yaml finetune.lr=1e-4 'output_dir=runs/a b'",
    },
  ]),
  failed: play([
    ...upTo((event) => event.type === "stage.start"),
    {
      type: "run.end",
      status: "failed",
      code: "E_DATA",
      message:
        "data/notes.jsonl: expected a file, got none.\nWrite the path as it is from where you start " +
        "the command.",
    },
  ]),
};

for (const [end, state] of Object.entries(ends)) {
  for (const columns of [60, 80, 120]) {
    test(`the end of a run that is ${end}, ${columns} columns`, async () => {
      const screen = drawLeft(state, columns);
      await expect(`${screen}\n`).toMatchFileSnapshot(`./frames/end-${end}-${columns}.txt`);
      expect(Math.max(...screen.split("\n").map(columnsOf))).toBeLessThanOrEqual(columns);
    });
  }
}

test("at 80 × 24 the verdict and its headlines are in sight, in words and signs", () => {
  const frame = drawView(ends.done!, {}, 80, 24);
  expect(frame.split("\n").length).toBeLessThan(24);
  expect(frame).toContain("✔ quickstart: done in 4 min 29 s");
  expect(frame).toContain("Better on long-qa and perplexity. Worse on summarization.");
  for (const line of [
    /▲ better +perplexity +perplexity +29\.67 → 12\.81/,
    /▼ worse +summarization +ROUGE-1 +0\.2840 → 0\.1120/,
    /= no difference +multiple-choice +accuracy/,
  ])
    expect(frame).toMatch(line);
  expect(frame).toMatch(/cost +4 min 29 s/);
});

for (const view of ["loss", "results", "samples", "rows", "log"] as const) {
  for (const [columns, rows] of [
    [60, 15],
    [80, 24],
    [160, 50],
  ] as const) {
    test(`the view of ${view} at ${columns} × ${rows}`, async () => {
      const frame = drawView(ends.done!, { view }, columns, rows);
      await expect(`${frame}\n`).toMatchFileSnapshot(`./frames/view-${view}-${columns}x${rows}.txt`);
      expect(frame.split("\n").length).toBeLessThan(rows);
      expect(Math.max(...frame.split("\n").map(columnsOf))).toBeLessThanOrEqual(columns);
    });
  }
}

test("every key is told of on the help", async () => {
  const frame = drawView(moments.training!, { isHelp: true }, 80, 24);
  await expect(`${frame}\n`).toMatchFileSnapshot("./frames/help-80x24.txt");
});

test("in a locale without UTF-8 everything is ASCII, in the same places", async () => {
  const { training, eval: evaluating } = moments;
  const frames = [drawLive(training!, 80, 24), drawLive(evaluating!, 80, 24), drawLeft(ends.done!, 80)];
  for (const frame of frames) {
    const ascii = toAscii(frame);
    expect(ascii).toMatch(/^[\x20-\x7e\n]*$/);
    expect(ascii.split("\n").map((line) => line.length)).toEqual(frame.split("\n").map(columnsOf));
  }
  await expect(`${toAscii(frames[0]!)}\n`).toMatchFileSnapshot("./frames/training-ascii-80x24.txt");
});

test("finished lines are whole, and go on below themselves", () => {
  const line = (entry: Parameters<typeof logLines>[0]) =>
    logLines(entry, cwd, 60).map((pieces) =>
      pieces
        .map(({ text }) => text)
        .join("")
        .trimEnd(),
    );
  expect(
    line({
      type: "warning",
      stage: "data",
      message: "data/notes.jsonl: 3 of 48 rows could not be used; data/ledger.parquet names each",
    }),
  ).toEqual([
    "! data     data/notes.jsonl: 3 of 48 rows could not be used;",
    "           data/ledger.parquet names each",
  ]);
  expect(line({ type: "train.checkpoint", step: 1200, path: `${cwd}/runs/q/train/checkpoint-1200` })).toEqual(
    ["◇ finetune checkpoint of step 1,200:", "           runs/q/train/checkpoint-1200"],
  );
  expect(line({ type: "train.resume", step: 1200, path: `${cwd}/runs/q/train/checkpoint-1200` })).toEqual([
    "◇ finetune resumed from checkpoint 1,200:",
    "           runs/q/train/checkpoint-1200",
  ]);
  expect(line({ type: "stage.skip", stage: "mix", reason: "complete" })).toEqual([
    "= mix      unchanged: complete",
  ]);
  expect(line({ type: "stage.end", stage: "eval", durationMs: 1000, summary: {} })).toEqual([
    "✔ eval     done in 1.0 s",
  ]);
});
