import { expect, it } from "vitest";
import { DataError } from "../../../src/errors.ts";
import { lcsLength, lcsPlaces } from "../../../src/harness/text-metrics/lcs.ts";

it("the walk back takes the side that is asked for where both are as long", () => {
  const [one, other] = ["a b".split(" "), "b a".split(" ")];
  expect(lcsLength(one, other)).toBe(1);
  expect(lcsPlaces(one, other, "one").places).toEqual([0]);
  expect(lcsPlaces(one, other, "other").places).toEqual([1]);
});

it("texts whose table would not fit are refused with their sizes", () => {
  const words: string[] = new Array(50_000).fill("a");
  expect(() => lcsLength(words, words)).toThrow(DataError);
  expect(() => lcsPlaces(words, words, "one")).toThrow(/got 50000 and 50000 words/);
});
