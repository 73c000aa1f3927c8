import fc from "fast-check";
import { expect, test } from "vitest";
import { gapSentences } from "../../../src/datasets/synthesize/gap-sentences.ts";
import { passageAround } from "../../../src/datasets/synthesize/passage.ts";
import { sentenceRanges } from "../../../src/datasets/synthesize/sentences.ts";

const textsOf = (text: string) => sentenceRanges(text).map(({ start, end }) => text.slice(start, end));

test("sentences end at marks before a capital, not at abbreviations, and never cross a blank line", () => {
  const text =
    'Mr. Polk came. "Did he?" He did! In the U.S. Senate he spoke.\n\nA heading\n\nThen 3.5 million. $4 more.';
  expect(textsOf(text)).toEqual([
    "Mr. Polk came.",
    '"Did he?"',
    "He did!",
    "In the U.S. Senate he spoke.",
    "A heading",
    "Then 3.5 million.",
    "$4 more.",
  ]);
});

const prose = fc
  .array(fc.constantFrom("Aa ", "b. ", "C", "? ", "\n\n", "\n", " ", "Mr. ", "7", '"'))
  .map((p) => p.join(""));

test("ranges are in order, apart, not blank at the ends, and leave out nothing but blanks", () => {
  fc.assert(
    fc.property(prose, (text) => {
      let end = 0;
      for (const range of sentenceRanges(text)) {
        expect(text.slice(end, range.start).trim()).toBe("");
        expect(text.slice(range.start, range.end)).toBe(text.slice(range.start, range.end).trim());
        expect(range.end).toBeGreaterThan(range.start);
        end = range.end;
      }
      expect(text.slice(end).trim()).toBe("");
    }),
  );
});

test("a passage around a sentence has it, keeps to the size, and is a piece of the text", () => {
  const sizes = fc.integer({ min: 1, max: 60 });
  fc.assert(
    fc.property(prose, fc.nat(), sizes, (text, n, maxChars) => {
      const sentences = sentenceRanges(text);
      fc.pre(sentences.length > 0);
      const target = n % sentences.length;
      const passage = passageAround(text, sentences, target, maxChars, String(n));
      const wanted = text.slice(sentences[target]!.start, sentences[target]!.end);
      const { start, end } = passage.sentences[target - passage.first]!;
      expect(passage.text.slice(start, end)).toBe(wanted);
      expect(passage.text.length).toBeLessThanOrEqual(Math.max(maxChars, wanted.length));
      expect(text).toContain(passage.text);
    }),
  );
});

test("the gap sentence is the one that shares most words with the rest, and is taken out of it", () => {
  const text =
    "The harbour was quiet that morning in May. The ships and the harbour and the town were waiting for the wind. The ships were ready. The town slept on, and dogs barked far away. Wind was what was wanted.";
  const gap = gapSentences({ text, sentences: sentenceRanges(text), first: 0 }, 1)!;
  expect(gap.summary).toBe("The ships and the harbour and the town were waiting for the wind.");
  expect(gap.rest).toBe(text.replace(`${gap.summary} `, ""));
});
