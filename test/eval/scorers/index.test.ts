import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scorerCatalog } from "../../../src/eval/scorers/index.ts";
import { normalizeAnswer } from "../../../src/eval/scoring/normalize-answer.ts";
import type { Scorer } from "../../../src/eval/scoring/scorer.ts";
import official from "../fixtures/official.json" with { type: "json" };

const scorers: [string, Scorer][] = Object.entries(scorerCatalog);

describe("scores equal the official ones", () => {
  const officialOnes = scorers.filter(([, scorer]) => "official" in scorer);
  for (const [i, { prediction, target, normalized, ...scores }] of official.cases.entries()) {
    it(`case ${i}: ${JSON.stringify(prediction).slice(0, 40)}`, () => {
      expect(normalizeAnswer(prediction)).toBe(normalized);
      const got = officialOnes.map(([name, { score }]) => [name, score(prediction, target)]);
      const close = Object.entries(scores).map(([name, score]) => [name, expect.closeTo(score, 12)]);
      expect(Object.fromEntries(got)).toEqual(Object.fromEntries(close));
    });
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
      for (const [, { score }] of scorers) {
        const value = score(a, b);
        expect(value >= 0 && value <= 1).toBe(true);
        expect(score(same, same)).toBe(1);
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
