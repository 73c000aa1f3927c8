import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { benchmarkCatalog as benchmarks } from "../../src/eval/benchmarks/index.ts";
import { choiceScores } from "../../src/eval/choice-scores.ts";
import { normalizeAnswer } from "../../src/eval/normalize-answer.ts";
import { referencesOf, scoreAgainst } from "../../src/eval/references.ts";
import { scorerCatalog } from "../../src/eval/scorers/index.ts";
import official from "./fixtures/official.json" with { type: "json" };

type Metric = keyof typeof scorerCatalog;
const metrics = Object.keys(scorerCatalog) as Metric[];

describe("scores equal the official ones", () => {
  for (const [i, { prediction, target, normalized, ...expected }] of official.cases.entries()) {
    it(`case ${i}: ${JSON.stringify(prediction).slice(0, 40)}`, () => {
      expect(normalizeAnswer(prediction)).toBe(normalized);
      for (const metric of metrics) {
        expect([metric, scorerCatalog[metric](prediction, target)]).toEqual([
          metric,
          expect.closeTo(expected[metric], 12),
        ]);
      }
    });
  }

  for (const { choices, right, logLikelihoods, ...expected } of official.choices) {
    it(`choices ${choices.join(", ")}, right ${right}`, () => {
      expect(choiceScores(logLikelihoods, choices, right)).toEqual(expected);
    });
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
      for (const metric of metrics) {
        const score = scorerCatalog[metric](a, b);
        expect(score >= 0 && score <= 1).toBe(true);
        expect(scorerCatalog[metric](same, same)).toBe(1);
      }
    }),
  );
});

describe("references", () => {
  const messages = [
    { role: "user", content: "Which?" },
    { role: "assistant", content: "This one." },
  ] as const;

  it("are the listed answers, else the answer at the end", () => {
    expect(referencesOf({ meta: { answers: ["one", 2] }, messages: [...messages] })).toEqual(["one", "2"]);
    expect(referencesOf({ meta: { answers: [] }, messages: [...messages] })).toEqual(["This one."]);
    expect(referencesOf({ meta: {}, messages: [messages[0]] })).toEqual([]);
  });

  it("count by the best of them, metric by metric", () => {
    expect(scoreAgainst(["two", "one two three"], "two", ["exact_match", "f1"])).toEqual({
      exact_match: 1,
      f1: 1,
    });
    expect(scoreAgainst(["x two", "one two three"], "two", ["exact_match", "f1"])).toEqual({
      exact_match: 0,
      f1: expect.closeTo(2 / 3, 12),
    });
    expect(scoreAgainst([], "two", ["f1"])).toEqual({ f1: 0 });
  });
});

it.each([
  ["benchmarks", Object.keys(benchmarks)],
  ["scorers", metrics],
])("the catalog and the folder hold the same %s", (folder, names) => {
  const files = readdirSync(new URL(`../../src/eval/${folder}`, import.meta.url));
  const kebab = (name: string) => name.replace("_", "-").replace(/[A-Z]/, (c) => `-${c.toLowerCase()}`);
  expect(files.filter((file) => file !== "index.ts").sort()).toEqual(
    names.map((name) => `${kebab(name)}.ts`).sort(),
  );
});
