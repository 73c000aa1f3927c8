import { expect, it } from "vitest";
import { stem } from "../../../../src/harness/text-metrics/rouge/porter-stemmer.ts";
import official from "../../fixtures/scores.json" with { type: "json" };

it("stems words as NLTK's stemmer does", () => {
  const words = Object.keys(official.stems);
  expect(words.length).toBeGreaterThan(300);
  expect(Object.fromEntries(words.map((word) => [word, stem(word)]))).toEqual(official.stems);
});
