import { expect, test } from "vitest";
import { meanOf, noLoss, smooth, spanOf } from "../../../tui/state/smooth.ts";

test("every supervised token counts the same, and what is longer ago counts less", () => {
  const first = smooth(noLoss, 4, 100, 10);
  expect(meanOf(first)).toBe(4);
  // A step of few tokens moves the mean little: (0.9 · 400 + 2 · 10) / (0.9 · 100 + 10).
  expect(meanOf(smooth(first, 2, 10, 10))).toBeCloseTo(3.8, 12);
  expect(meanOf(smooth(first, 2, 900, 10))).toBeCloseTo((0.9 * 400 + 1800) / 990, 12);
});

test("a loss that is no number, or of no tokens, is passed over", () => {
  const first = smooth(noLoss, 4, 100, 10);
  expect(smooth(first, Number.NaN, 50, 10)).toBe(first);
  expect(smooth(first, 3, 0, 10)).toBe(first);
  expect(meanOf(noLoss)).toBeNull();
});

test("the mean reaches back an eighth of the training, within bounds", () => {
  expect([16, 240, 10_000].map(spanOf)).toEqual([8, 30, 100]);
});
