import { describe, expect, it } from "vitest";
import { mcnemarP } from "../../../src/eval/statistics/mcnemar.ts";
import { pairedDifference } from "../../../src/eval/statistics/paired.ts";
import { clusteredStandardError, standardError } from "../../../src/eval/statistics/standard-error.ts";
import { studentP, studentQuantile } from "../../../src/eval/statistics/student-t.ts";
import { wilsonInterval95 } from "../../../src/eval/statistics/wilson.ts";
import official from "../../harness/fixtures/scores.json" with { type: "json" };

describe("errors, intervals and tests equal lm-eval's and scipy's", () => {
  for (const { a, b, clusters, ...expected } of official.statistics) {
    it(`of ${a.length} values`, () => {
      const paired = pairedDifference(a, b);
      const got = {
        standardError: standardError(a),
        clustered: clusteredStandardError(a, clusters),
        difference: paired.difference,
        pairedError: paired.standardError,
        wins: paired.wins,
        losses: paired.losses,
        p: paired.p,
        interval95: paired.interval95,
        mcnemar: mcnemarP(paired.wins, paired.losses),
        wilson95: wilsonInterval95(a.filter((value) => value === 1).length, a.length),
      };
      const close = (value: number | number[]): unknown =>
        typeof value === "number" ? expect.closeTo(value, 9) : value.map((one) => expect.closeTo(one, 9));
      const all = Object.entries(expected).map(([name, value]) => [name, close(value)]);
      expect(got).toEqual(Object.fromEntries(all));
      expect(paired.wins + paired.losses + paired.ties).toBe(a.length);
    });
  }
});

it("one value has no error, one cluster has an error of 0, and equal models no p", () => {
  expect(standardError([1])).toBeNaN();
  expect(clusteredStandardError([1, 0, 0], ["x", "x", "x"])).toBe(0);
  expect(pairedDifference([1, 0], [1, 0])).toMatchObject({ difference: 0, standardError: 0, p: Number.NaN });
  expect(mcnemarP(0, 0)).toBe(1);
});

it("Student's t: the quantile is where p is, for few and many degrees of freedom", () => {
  // scipy.stats.t.ppf(0.975, n)
  expect(studentQuantile(0.05, 1)).toBeCloseTo(12.706204736174694, 9);
  expect(studentQuantile(0.05, 9999)).toBeCloseTo(1.9602012636213575, 9);
  expect(studentP(2, 10)).toBeCloseTo(0.07338803477074039, 12);
});
