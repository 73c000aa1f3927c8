import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { catalog } from "../../src/eval/benchmarks/index.ts";
import { exactMatch } from "../../src/eval/scorers/exact-match.ts";
import { best, scorers } from "../../src/eval/scorers/index.ts";
import { normalizeAnswer } from "../../src/eval/scorers/normalize.ts";
import { rougeL, rougeN } from "../../src/eval/scorers/rouge.ts";
import { rougeLsum } from "../../src/eval/scorers/rouge-lsum.ts";
import { tokenF1 } from "../../src/eval/scorers/token-f1.ts";
import official from "./fixtures/official.json" with { type: "json" };

describe("scores equal the official ones", () => {
  for (const [i, { prediction, target, ...expected }] of official.cases.entries()) {
    it(`case ${i}: ${JSON.stringify(prediction).slice(0, 40)}`, () => {
      expect(exactMatch(prediction, target)).toBe(expected.exact_match);
      expect(tokenF1(prediction, target)).toBeCloseTo(expected.f1, 12);
      expect(rougeN(prediction, target, 1)).toBeCloseTo(expected.rouge1, 12);
      expect(rougeN(prediction, target, 2)).toBeCloseTo(expected.rouge2, 12);
      expect(rougeL(prediction, target)).toBeCloseTo(expected.rougeL, 12);
      expect(rougeLsum(prediction, target)).toBeCloseTo(expected.rougeLsum, 12);
    });
  }
});

it("every scorer is within [0, 1], and 1 for a text of words against itself", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      for (const scorer of Object.values(scorers)) {
        const score = scorer(a, b);
        expect(score >= 0 && score <= 1).toBe(true);
      }
    }),
  );
  for (const scorer of Object.values(scorers)) expect(scorer("one two three", "one two three")).toBe(1);
  expect(best(scorers.f1, "two", ["one", "two"])).toBe(1);
  expect(normalizeAnswer("The  U.S., a “Union”")).toBe("us “union”");
});

it("the catalog and the folder hold the same benchmarks", () => {
  const files = readdirSync(new URL("../../src/eval/benchmarks", import.meta.url)).filter(
    (f) => f !== "index.ts",
  );
  expect(files.sort()).toEqual(
    Object.keys(catalog)
      .map((name) => `${name}.ts`)
      .sort(),
  );
});
