import { expect, it } from "vitest";
import { tokenEnds } from "../../../../src/eval/respondents/endpoint/token-ends.ts";

it.each<[string, string, string[], number[] | null, number[] | null, number?]>([
  ["plain", "ab cd", ["ab", " cd"], null, [2, 5]],
  ["what was generated is left out", "ab cd", ["ab", " cd", "!"], null, [2, 5]],
  ["a token before the prompt", "ab", ["<s>", "ab", "!"], null, [0, 2]],
  ["a prompt that begins like it", "<s>ab", ["<s>", "<s>", "ab"], null, [0, 3, 5]],
  ["parts of a character as bytes", "aé", ["a", "bytes:\\xc3", "bytes:\\xa9"], null, [1, 2, 3]],
  ["that text itself", "bytes:\\xc3", ["bytes:\\xc3"], null, [10]],
  ["parts of a character, by offsets", "aéb", ["a", "\ufffd", "\ufffd", "b"], [0, 1, 1, 2], [1, 1, 3, 4], 4],
  ["by offsets, with more after it", "aé", ["a", "\ufffd", "\ufffd", "!"], [0, 1, 1, 2], [1, 1, 3]],
  [
    "offsets of what is shown are not those of the prompt",
    "aéb",
    ["a", "\ufffd", "\ufffd", "b"],
    [0, 1, 2, 3],
    null,
    4,
  ],
  ["offsets that go back", "aéb", ["a", "\ufffd", "b"], [0, 2, 1], null],
  ["parts of a character without offsets", "aé", ["a", "\ufffd", "\ufffd"], null, null],
  ["another text", "ab", ["ax"], [0], null],
  ["too little", "ab", ["a"], [0], null],
  ["nothing", "ab", [], [], null],
])("%s", (_, prompt, tokens, offsets, ends, count?: number) => {
  expect(tokenEnds(prompt, tokens, offsets, count)).toEqual(ends);
});
