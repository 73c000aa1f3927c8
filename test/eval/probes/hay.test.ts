import { expect, it } from "vitest";
import { shippedHay, shippedWords, textHay } from "../../../src/eval/probes/hay.ts";

it("sentences begin after their ends, not after titles, initials or numbers", () => {
  const hay = textHay(
    'He met Mr. Coffin.\n\n"Aye!" said J. Smith at 3.5 knots. 12 men   came, e.g. two. they left.',
  );
  const words = hay.slice(0, hay.words).split(" ");
  expect(hay.sentences.map((at) => words[at])).toEqual(["He", '"Aye!"', "12"]);
  expect(words.join(" ")).not.toMatch(/\s{2}/);
});

it("goes on at the beginning after the end, as often as needed", () => {
  const hay = textHay("a b c");
  expect(hay.slice(1, 7)).toBe("b c a b c a b");
  expect(hay.slice(4, 1)).toBe("b");
  expect(hay.slice(0, 0)).toBe("");
});

it("the book that ships has words for 128k tokens, and words for lists that are no common ones", async () => {
  const { words, sentences } = await shippedHay();
  expect(words).toBeGreaterThan(200_000);
  expect(sentences.length).toBeGreaterThan(5_000);
  const list = await shippedWords();
  expect(new Set(list).size).toBe(list.length);
  expect(list.length).toBeGreaterThan(6_000);
  for (const word of ["that", "with", "from", "Ishmael"]) expect(list).not.toContain(word);
});
