import fc from "fast-check";
import { expect, test } from "vitest";
import { fitColumns, growing, planRows } from "../../tui/layout.ts";

test("wishes are granted in order; one that does not fit is passed over", () => {
  const wishes = [
    { section: "bar", rows: 1 },
    { section: "chart", rows: 6 },
    { section: "stages", rows: 4 },
    { section: "stages", rows: 1 },
    ...growing("chart", 7, 9),
  ];
  expect(Object.fromEntries(planRows(wishes, 20))).toEqual({ bar: 1, chart: 9, stages: 4 });
  expect(Object.fromEntries(planRows(wishes, 10))).toEqual({ bar: 1, chart: 8, stages: 1 });
  expect(Object.fromEntries(planRows(wishes, 3))).toEqual({ bar: 1, stages: 1 });
  expect(planRows(wishes, 0).size).toBe(0);
});

test("growing asks for each height", () => {
  expect(growing("a", 2, 4)).toEqual([
    { section: "a", rows: 2 },
    { section: "a", rows: 3 },
    { section: "a", rows: 4 },
  ]);
  expect(growing("a", 3, 2)).toEqual([]);
});

const name = { width: 20, minWidth: 8, priority: 100 };
const value = { width: 6, minWidth: 6, priority: 90 };
const interval = { width: 14, minWidth: 14, priority: 10, isOptional: true };

test("columns: optional ones go before any is cut, then the least important", () => {
  expect(fitColumns([name, value, interval], 44, 2)).toEqual([20, 6, 14]);
  expect(fitColumns([name, value, interval], 43, 2)).toEqual([20, 6, 0]);
  expect(fitColumns([name, value, interval], 20, 2)).toEqual([12, 6, 0]);
  expect(fitColumns([name, value, interval], 15, 2)).toEqual([15, 0, 0]);
  expect(fitColumns([name], 5, 2)).toEqual([5]);
});

test("columns never take more than there is", () => {
  const column = fc.record({
    width: fc.integer({ min: 1, max: 40 }),
    minWidth: fc.integer({ min: 1, max: 40 }),
    priority: fc.integer({ min: 0, max: 9 }),
    isOptional: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(column, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 150 }),
      (all, n) => {
        const columns = all.map((one) => ({ ...one, minWidth: Math.min(one.minWidth, one.width) }));
        const fitted = fitColumns(columns, n, 2);
        const kept = fitted.filter((width) => width > 0);
        expect(kept.length).toBeGreaterThan(0);
        expect(kept.reduce((a, b) => a + b) + (kept.length - 1) * 2).toBeLessThanOrEqual(n);
        for (const [i, width] of fitted.entries()) expect(width).toBeLessThanOrEqual(columns[i]!.width);
      },
    ),
  );
});
