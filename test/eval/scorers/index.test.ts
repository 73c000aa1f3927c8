import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError } from "../../../src/errors.ts";
import { scorerCatalog } from "../../../src/eval/scorers/index.ts";
import type { Scorer } from "../../../src/eval/scoring/scorer.ts";
import { normalizeAnswer } from "../../../src/harness/text-metrics/squad/normalize-answer.ts";
import official from "../fixtures/official.json" with { type: "json" };

const scorers: [string, Scorer][] = Object.entries(scorerCatalog);

describe("scores equal the official ones", () => {
  const officialOnes = scorers.filter(([, scorer]) => "official" in scorer);
  for (const [i, { prediction, target, normalized, ...scores }] of official.cases.entries()) {
    it(`case ${i}: ${JSON.stringify(prediction).slice(0, 40)}`, () => {
      expect(normalizeAnswer(prediction)).toBe(normalized);
      const got = officialOnes.map(([name, scorer]) => [name, scoreOrNull(scorer, prediction, target)]);
      const close = Object.entries(scores).map(([name, score]) => [
        name,
        score === null ? null : expect.closeTo(score, 12),
      ]);
      expect(Object.fromEntries(got)).toEqual(Object.fromEntries(close));
    });
  }

  /** Null where the official script ends with an error and ours says that it would. */
  function scoreOrNull(scorer: Scorer, prediction: string, target: string): number | null {
    try {
      return scorer.score(prediction, target);
    } catch (error) {
      expect(error).toBeInstanceOf(DataError);
      expect(scorer.accepts?.isReference(target)).toBe(false);
      return null;
    }
  }
});

it("a scorer without an official counterpart scores its own samples", () => {
  for (const [name, scorer] of scorers) {
    if (!("samples" in scorer)) continue;
    expect([name, scorer.samples.length]).toEqual([name, expect.toSatisfy((n: number) => n > 1)]);
    for (const [prediction, target, score] of scorer.samples) {
      const got = scorer.score(prediction, target);
      expect([name, prediction, target, got]).toEqual([name, prediction, target, expect.closeTo(score, 12)]);
    }
  }
});

it("every scorer is within [0, 1], and 1 for a text of words against itself", () => {
  const word = fc.constantFrom("zebra", "Stripes", "u2", "graze.", "of", "plains,");
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.array(word).map((all) => all.join(" ")),
  );
  fc.assert(
    fc.property(text, text, fc.array(word, { minLength: 2 }), (a, b, words) => {
      const same = words.join(" ");
      for (const [name, { score, accepts }] of scorers) {
        if (accepts === undefined || accepts.isReference(b)) {
          const value = score(a, b);
          expect([name, value >= 0 && value <= 1]).toEqual([name, true]);
        }
        // The package rouge adds 1e-8 to what it divides by.
        if (accepts === undefined) expect([name, score(same, same)]).toEqual([name, expect.closeTo(1, 7)]);
      }
    }),
  );
});

it("the catalog and the folder hold the same scorers", () => {
  const files = readdirSync(new URL("../../../src/eval/scorers", import.meta.url));
  const kebab = (name: string) => name.replaceAll("_", "-").replace(/[A-Z]/, (c) => `-${c.toLowerCase()}`);
  expect(files.filter((file) => file !== "index.ts").sort()).toEqual(
    scorers.map(([name]) => `${kebab(name)}.ts`).sort(),
  );
});
