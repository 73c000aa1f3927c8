import { expect, it } from "vitest";
import {
  averagesOverLengths,
  effectiveLength,
  rulerPrediction,
  stringMatchAll,
  stringMatchPart,
} from "../../../../src/harness/text-metrics/long-context/ruler.ts";

it("matches all references, or any, in percent with two places", () => {
  const rows = [
    { prediction: "the numbers are 12 and 7", references: ["12", "7", "99"] },
    { prediction: "PARIS", references: ["paris"] },
    { prediction: "", references: ["x", "y"] },
  ];
  expect([stringMatchAll(rows), stringMatchPart(rows)]).toEqual([55.56, 66.67]);
});

it("control characters become line breaks, and ends are stripped", () => {
  expect(rulerPrediction(" \u001cx\u000by\u007f\u0001 ")).toBe("x\ny\u007f");
});

it("a length is effective where its score reaches Llama-2's 85.6, and averages lean to either side", () => {
  // DBRX in RULER's README: effective length 8K, averages 56.3, 38.0, 74.7.
  const lengths = [4096, 8192, 16_384, 32_768, 65_536, 131_072];
  const scores = [95.1, 93.8, 83.6, 63.1, 2.4, 0].map((score, i) => ({ length: lengths[i]!, score }));
  expect(effectiveLength(scores)).toBe(8192);
  expect(effectiveLength(scores.slice(2))).toBeUndefined();
  const { average, increasing, decreasing } = averagesOverLengths(scores.toReversed());
  expect([average, increasing, decreasing].map((value) => value.toFixed(1))).toEqual([
    "56.3",
    "38.0",
    "74.7",
  ]);
});
