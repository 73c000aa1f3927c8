import { expect, it } from "vitest";
import { promptText } from "../../../src/eval/benchmarks/passkey.ts";

it("the key stands at its depth between whole words", () => {
  const words = ["one ", "two ", "three ", "four "];
  const middle = (depth: number) => promptText(words, depth, "12345").split("\n").slice(1, -1);
  const needle = "The pass key is 12345. Remember it. 12345 is the pass key.";
  expect(middle(0)).toEqual([needle, "one two three four"]);
  expect(middle(25)).toEqual(["one", needle, "two three four"]);
  expect(middle(100)).toEqual(["one two three four", needle]);
});
