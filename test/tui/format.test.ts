import { expect, test } from "vitest";
import { displayPath, formatClock, formatDifference, formatRate, formatSummary } from "../../tui/format.ts";

test("clocks show whole seconds", () => {
  expect([0, 999, 9999, 10_000, 61_999].map(formatClock)).toEqual(["0 s", "0 s", "9 s", "10 s", "1 min 1 s"]);
});

test("speeds are whichever way has the larger number", () => {
  expect([0.24, 1.94, 3210.4].map((rate) => formatRate(rate, "steps"))).toEqual([
    "4.2 s/step",
    "1.9 steps/s",
    "3,210 steps/s",
  ]);
});

test("differences have a sign", () => {
  expect([0.25, -0.25, 0, Number.NaN].map(formatDifference)).toEqual(["+0.2500", "−0.2500", "0", "NaN"]);
});

test("summaries and paths read well", () => {
  expect(formatSummary({ train_packs: 1440, loss: 2.21651, checkpoint: "/w/runs/a" }, "/w")).toBe(
    "train packs 1,440, loss 2.217, checkpoint runs/a",
  );
  expect(["/w/a", "/w", "/wider/a", "text"].map((path) => displayPath(path, "/w"))).toEqual([
    "a",
    ".",
    "/wider/a",
    "text",
  ]);
});
