import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { shingler } from "../../../src/datasets/curate/shingles.ts";
import { createWords, scanWords } from "../../../src/datasets/curate/words.ts";

const fives = { shingle: "words", n_grams: 5 } as const;

describe("words", () => {
  const found = (text: string) => {
    const words = createWords();
    scanWords(text, words);
    return Array.from({ length: words.count }, (_, w) => text.slice(words.starts[w], words.ends[w]));
  };
  test.each([
    ["Der Fluß, zwölf-mal!", ["Der", "Fluß", "zwölf", "mal"]],
    ["漢字とかな abc", ["漢", "字", "と", "か", "な", "abc"]],
    ["  \n\t.,;", []],
    ["naïve\u2014x\u00a0y 42", ["naïve", "x", "y", "42"]],
  ])("%s", (text, words) => expect(found(text)).toEqual(words));

  it("case and punctuation make no difference to shingles, a changed word does", () => {
    const hashes = (text: string) => {
      const { hashes, count } = shingler(fives)(text);
      return [...hashes.subarray(0, count)];
    };
    expect(hashes("One, two; THREE four\nfive six")).toEqual(hashes("one two three four five six"));
    expect(hashes("one two three four five six")).not.toEqual(hashes("one two three four five seven"));
    expect(hashes("one two three four five six").length).toBe(2);
    expect(hashes("one").length).toBe(1);
    expect(hashes("").length).toBe(0);
  });

  it("a rolled hash is that of the window alone, wherever it stands", () => {
    const spec = { shingle: "words", n_grams: 3 } as const;
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 3, maxLength: 30 }), (words) => {
        const rolled = [...shingler(spec)(words.join(" ")).hashes.subarray(0, words.length - 2)];
        const alone = rolled.map((_, i) => shingler(spec)(words.slice(i, i + 3).join(" ")).hashes[0]);
        expect(rolled).toEqual(alone);
      }),
    );
  });
});
