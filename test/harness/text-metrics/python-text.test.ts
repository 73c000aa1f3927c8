import { expect, it } from "vitest";
import { digitRuns, roundHalfEven, splitBlanks } from "../../../src/harness/text-metrics/python-text.ts";

it("rounds as Python: halves to the even neighbour, of the exact value", () => {
  const rounded = [0.125, 0.375, 2.675, 0.5, 1.5, 2.5, -0.125, 1e300, 12.345, 66.665].map((value, i) =>
    roundHalfEven(value, i >= 3 && i <= 5 ? 0 : 2),
  );
  expect(rounded).toEqual([0.12, 0.38, 2.67, 0, 2, 2, -0.12, 1e300, 12.35, 66.67]);
  expect(roundHalfEven(Number.NaN, 2)).toBeNaN();
});

it("splits at Python's white space and finds digits of every script", () => {
  expect(splitBlanks("\u001ca\u0085b\ufeff c\u3000")).toEqual(["a", "b\ufeff", "c"]);
  expect(digitRuns("x12 ٣٤²")).toEqual(["12", "٣٤"]);
});
