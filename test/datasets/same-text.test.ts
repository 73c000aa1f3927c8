import fc from "fast-check";
import { expect, test } from "vitest";
import { foldText } from "../../src/datasets/curate/words.ts";
import { sameText } from "../../src/datasets/same-text.ts";

const pairs: readonly [string, string][] = [
  ["Hà Nội, élève", "Hà Nội, élève".normalize("NFD")],
  ["서울에 사는 농부", "서울에 사는 농부".normalize("NFD")],
  ["चौदह पेटी ख़रीदे", "चौदह पेटी ख़रीदे".normalize("NFC")],
  ["wide 1234", "ｗｉｄｅ　１２３４"],
  ["information", "infor\u00admation"],
  ["information", "in\u200bfor\u2060mation\ufeff"],
  ["first file", "ﬁrst ﬁle"],
  ["A bold x", "𝐀 bold 𝑥"],
  // The order of marks is free in Hebrew and Arabic.
  ["שּׁ", "ש\u05bc\u05c1"],
];

test.each(pairs)("%s and %s are the same text and words", (one, other) => {
  expect(sameText(one).replace(/\s/g, " ")).toBe(sameText(other).replace(/\s/g, " "));
  expect(foldText(one)).toBe(foldText(other));
});

test("what differs stays different, and ASCII is returned as it is", () => {
  expect(foldText("resume")).not.toBe(foldText("résumé"));
  expect(sameText("a\u00a0b-c")).toBe("a b-c");
  expect(sameText("plain, 42!")).toBe("plain, 42!");
});

test("words are those of the composed text, whatever the characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 12 }), (text) => {
      expect(foldText(text)).toBe(foldText(sameText(text)));
      expect(foldText(text.normalize("NFD"))).toBe(foldText(text.normalize("NFC")));
    }),
    { numRuns: 2000 },
  );
});
