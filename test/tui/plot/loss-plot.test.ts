import { expect, test } from "vitest";
import { plotLoss } from "../../../tui/plot/loss-plot.ts";
import { addPoint, emptySeries, type Series } from "../../../tui/plot/series.ts";

const series = (pairs: readonly [step: number, value: number][]): Series =>
  pairs.reduce((all, [step, value]) => addPoint(all, step, value), emptySeries);

/** Only the curve, unless dots of steps are given. */
const text = (options: Omit<Parameters<typeof plotLoss>[0], "smoothed"> & { raw?: Series }): string[] => {
  const plot = plotLoss({ ...options, train: options.raw ?? emptySeries, smoothed: options.train });
  if (!plot) return [];
  const rows = plot.rows.map(({ label, runs }) => label + runs.map((run) => run.text).join(""));
  return [...rows, plot.axis, plot.axisLabels].map((line) => line.trimEnd());
};

test("a falling loss with validation marks, its axes labelled with round values", () => {
  const train = series(Array.from({ length: 100 }, (_, i) => [i + 1, 2 + 2 * 0.96 ** i]));
  const validation = series([
    [0, 4.1],
    [50, 2.4],
    [100, 2.1],
  ]);
  const lines = text({ train, validation, totalSteps: 100, width: 48, height: 10 });
  expect(`\n${lines.join("\n")}\n`).toMatchInlineSnapshot(`
    "
    4 ┤◆
      │ ⠑⡄
      │  ⠈⠒⢄
      │     ⠑⢆⡀
    3 ┤       ⠈⠑⠤⣀
      │           ⠉⠒⠢⢄⣀
      │                ⠉⠉⠒⠢⠤⠤◆⣀⣀⡀
    2 ┤                         ⠈⠉⠉⠉⠉⠑⠒⠒⠒⠒⠒⠒⠒⠲⠤⠤⠤⠤⠤◆
      └─────────────────────────────────────────────
       0                     50            100 steps
    "
  `);
});

test("nothing to draw, or no room, is null", () => {
  const one = series([[1, 2]]);
  const common = { validation: emptySeries, smoothed: emptySeries, totalSteps: 10 };
  expect(plotLoss({ ...common, train: emptySeries, width: 60, height: 10 })).toBeNull();
  expect(plotLoss({ ...common, train: one, width: 60, height: 2 })).toBeNull();
  expect(plotLoss({ ...common, train: one, width: 9, height: 10 })).toBeNull();
});

test("one point and a flat curve have a range around them", () => {
  const flat = series([
    [1, 2],
    [2, 2],
    [3, 2],
  ]);
  const lines = text({ train: flat, validation: emptySeries, totalSteps: 3, width: 24, height: 5 });
  expect(`\n${lines.join("\n")}\n`).toMatchInlineSnapshot(`
    "
    2.1 ┤
        │⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤
    1.9 ┤
        └───────────────────
         1        2  3 steps
    "
  `);
});

test("losses that differ by less than can be told apart are a flat curve", () => {
  const train = series([
    [0, 0],
    [1, 2e-323],
  ]);
  // Labels of such a range once asked toFixed for more digits than it has.
  const labels = plotLoss({
    train,
    smoothed: train,
    validation: emptySeries,
    totalSteps: 1,
    width: 40,
    height: 6,
  })?.rows;
  expect(labels?.map(({ label }) => label)).toEqual([" 0.05 ┤", "      │", "      │", "-0.05 ┤"]);
});

test("the step axis ends at an eighth, a quarter, half or all of the training", () => {
  const ends = [10, 13, 25, 26, 51, 100].map((last) => {
    const train = series([
      [1, 3],
      [last, 2],
    ]);
    return text({ train, validation: emptySeries, totalSteps: 101, width: 40, height: 6 }).at(-1)?.trim();
  });
  expect(ends.map((line) => line?.split(/\s{2,}/).at(-1))).toEqual([
    "14 steps",
    "14 steps",
    "26 steps",
    "26 steps",
    "51 steps",
    "101 steps",
  ]);
});
