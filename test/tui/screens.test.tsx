import { expect, test } from "vitest";
import type { RunEvent } from "../../src/contracts/events.ts";
import { LogLine } from "../../tui/components/log-line.tsx";
import { type RunState, requestStop } from "../../tui/state/state.ts";
import { plainTheme } from "../../tui/theme.ts";
import { columnsOf, cwd, draw, drawEnd, drawLive, freshState, play, recorded, upTo } from "./harness.tsx";

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
  expect(drawLive(training!, 39, 24)).toBe(" finetune · 62 % · loss 2.081");
  expect(drawLive(training!, 80, 5)).toBe(
    " finetune · 62 % · loss 2.081 · step 150 of 240 · 1 min 30 s left · 1.0 steps/s",
  );
  expect(drawLive(evaluating!, 34, 10)).toBe(" eval · 100 % · passkey before");
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
      const screen = drawEnd(state, columns);
      await expect(`${screen}\n`).toMatchFileSnapshot(`./frames/end-${end}-${columns}.txt`);
      expect(Math.max(...screen.split("\n").map(columnsOf))).toBeLessThanOrEqual(columns);
    });
  }
}

test("what to do next follows the last stage of the run", () => {
  const next = (stages: ("data" | "mix" | "finetune" | "eval")[]) => {
    const state = play([
      { type: "run.start", name: "q", runDir: `${cwd}/runs/q`, stages },
      ...stages.map((stage): RunEvent => ({ type: "stage.skip", stage, reason: "same" })),
      { type: "run.end", status: "done", runDir: `${cwd}/runs/q`, durationMs: 1 },
    ]);
    return drawEnd(state, 100)
      .split("\n")
      .filter((line) => line.includes("zebra "))
      .map((line) => line.trim());
  };
  expect(next(["data"])).toEqual(["zebra mix runs/q/recipe.yaml"]);
  expect(next(["data", "mix"])).toEqual(["zebra finetune runs/q/recipe.yaml"]);
  expect(next(["data", "mix", "finetune"])).toEqual([
    "zebra eval runs/q/recipe.yaml",
    'zebra generate --checkpoint runs/q/train/final --prompt "…"',
  ]);
  expect(next(["data", "mix", "finetune", "eval"])).toEqual([
    'zebra generate --checkpoint runs/q/train/final --prompt "…"',
  ]);
  expect(next(["data", "eval"])).toEqual([]);
});

test("finished lines are whole, and go on below themselves", () => {
  const line = (entry: Parameters<typeof LogLine>[0]["entry"]) =>
    draw(<LogLine entry={entry} width={60} cwd={cwd} theme={plainTheme} />, 60).split("\n");
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
