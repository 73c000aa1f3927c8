import { expect, test } from "vitest";
import { createCanvas, drawLine, rowText, setDot } from "../../../tui/plot/braille.ts";

test("each dot has its bit of Unicode's braille block", () => {
  const chars = Array.from({ length: 8 }, (_, i) => {
    const canvas = createCanvas(1, 1);
    setDot(canvas, i % 2, Math.floor(i / 2));
    return rowText(canvas, 0);
  });
  expect(chars.join("")).toBe("⠁⠈⠂⠐⠄⠠⡀⢀");
});

test("dots outside are left out, cells without dots are blanks", () => {
  const canvas = createCanvas(2, 1);
  for (const [x, y] of [
    [-1, 0],
    [4, 0],
    [0, -1],
    [0, 4],
  ] as const) {
    setDot(canvas, x, y);
  }
  expect(rowText(canvas, 0)).toBe("  ");
  setDot(canvas, 3, 3);
  expect(rowText(canvas, 0)).toBe(" ⢀");
});

test("a falling line joins its two ends over rows", () => {
  const canvas = createCanvas(4, 2);
  drawLine(canvas, 0, 0, 7, 7);
  expect([rowText(canvas, 0), rowText(canvas, 1)]).toEqual(["⠑⢄  ", "  ⠑⢄"]);
});

test("a rising line and a point", () => {
  const rising = createCanvas(6, 3);
  drawLine(rising, 1, 10, 11, 2);
  expect([0, 1, 2].map((row) => rowText(rising, row))).toEqual(["     ⡠", "  ⢀⠔⠉ ", "⠠⠊⠁   "]);
  const point = createCanvas(1, 1);
  drawLine(point, 1, 2, 1, 2);
  expect(rowText(point, 0)).toBe("⠠");
});
