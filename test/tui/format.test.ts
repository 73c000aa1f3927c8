import { expect, test } from "vitest";
import { displayPath, formatAbout, formatClock, formatDifference, formatRate } from "../../tui/format.ts";

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

test("a time to come is no more exact than it is known, and never nothing", () => {
  const seconds = [0, 4, 12, 59, 83, 150, 719, 3000, 8000, 300_000];
  expect(seconds.map((s) => formatAbout(1000 * s))).toEqual([
    "a few seconds",
    "a few seconds",
    "about 15 s",
    "about 1 min",
    "about 1 min 30 s",
    "about 2 min 30 s",
    "about 12 min",
    "about 50 min",
    "about 2 h 20 min",
    "about 3 d",
  ]);
});

test("paths below the folder are relative to it", () => {
  expect(["/w/a", "/w", "/wider/a", "text"].map((path) => displayPath(path, "/w"))).toEqual([
    "a",
    ".",
    "/wider/a",
    "text",
  ]);
});
