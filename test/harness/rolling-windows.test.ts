import { expect, it } from "vitest";
import { rollingWindows } from "../../src/harness/rolling-windows.ts";

const tokens = (count: number) => Array.from({ length: count }, (_, i) => 100 + i);

it("scores each token once; the last window reaches back", () => {
  expect(rollingWindows(tokens(25), 1, 10)).toEqual([
    { context: [1], scored: tokens(10) },
    { context: [109], scored: tokens(20).slice(10) },
    { context: tokens(20).slice(14), scored: tokens(25).slice(20) },
  ]);
  expect(rollingWindows(tokens(11), 1, 10)[1]).toEqual({ context: tokens(10), scored: [110] });
});

it("has one window for a short text, and none for an empty one", () => {
  expect(rollingWindows(tokens(1), 7, 4)).toEqual([{ context: [7], scored: [100] }]);
  expect(rollingWindows([], 7, 4)).toEqual([]);
});

it("refuses windows without a token", () => {
  expect(() => rollingWindows(tokens(3), 1, 0)).toThrow(/at least 1 token, got 0/);
});
