import { describe, expect, it } from "vitest";
import { bleu } from "../../../src/harness/text-metrics/bleu.ts";
import { chrf, chrfPlusPlus } from "../../../src/harness/text-metrics/chrf.ts";
import { sameNumber } from "../../../src/harness/text-metrics/references.ts";
import { ter } from "../../../src/harness/text-metrics/ter.ts";
import official from "../fixtures/scores.json" with { type: "json" };

describe("equal sacrebleu's over a corpus", () => {
  for (const [i, { predictions, references, ...scores }] of official.corpus.entries()) {
    it(`corpus ${i}`, () => {
      const got = {
        bleu: bleu(predictions, references),
        chrf: chrf(predictions, references),
        chrfPlusPlus: chrfPlusPlus(predictions, references),
        ter: ter(predictions, references),
      };
      const close = Object.entries(scores).map(([name, score]) => [name, expect.closeTo(score, 9)]);
      expect(got).toEqual(Object.fromEntries(close));
    });
  }
});

it("TER of 2,000 words that have little to do with each other ends, at the limit of shifts", () => {
  const words = (step: number): string => Array.from({ length: 2000 }, (_, i) => (i * step) % 97).join(" ");
  const rate = ter([words(31)], [[words(12)]]);
  expect(rate).toBeGreaterThan(50);
  expect(rate).toBeLessThan(100);
});

it("references are cut to the smallest number, and what that leaves out is counted", () => {
  const references = [["a", "b", "c"], ["d"], ["e", "f"]];
  expect(sameNumber(references)).toEqual({ references: [["a"], ["d"], ["e"]], left: 3 });
  expect(sameNumber([["a"], ["b"]]).left).toBe(0);
});
