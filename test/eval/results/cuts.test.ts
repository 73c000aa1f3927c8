import { expect, it } from "vitest";
import { cutsBySlice } from "../../../src/eval/results/cuts.ts";

it("counts rows and tokens that were cut, by slice; a failed row is in no figure", () => {
  const score = (slice: string) => ({ slice, metric: "f1", sum: 1, weight: 1 });
  const items = [
    [score(""), score("long"), { ...score("long"), metric: "em" }],
    [score(""), score("short")],
    [],
    [score(""), score("long")],
  ];
  expect(Object.fromEntries(cutsBySlice(items, [100, 0, 7, 20]))).toEqual({
    "": { rows: 2, share: 2 / 3, tokens: 120 },
    long: { rows: 2, share: 1, tokens: 120 },
    short: { rows: 0, share: 0, tokens: 0 },
  });
});
