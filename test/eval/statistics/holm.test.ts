import { expect, it } from "vitest";
import { holmAdjusted } from "../../../src/eval/statistics/holm.ts";

it("Holm's p: statsmodels' multipletests(…, method='holm')", () => {
  expect(holmAdjusted([0.01, 0.04, 0.03, 0.005])).toBeAllClose([0.03, 0.06, 0.06, 0.02], { atol: 1e-12 });
  expect(holmAdjusted([0.6, 0.7])).toEqual([1, 1]);
  expect(holmAdjusted([0.04])).toEqual([0.04]);
  expect(holmAdjusted([])).toEqual([]);
});
