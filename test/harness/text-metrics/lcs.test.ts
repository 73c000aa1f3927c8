import { expect, it } from "vitest";
import { DataError } from "../../../src/errors.ts";
import { lcsLength, lcsPlaces, wordNumbers } from "../../../src/harness/text-metrics/lcs.ts";

it("the walk back takes the side that is asked for where both are as long", () => {
  const numbers = wordNumbers();
  const [one, other] = [numbers(["a", "b"]), numbers(["b", "a"])];
  expect(lcsLength(one, other)).toBe(1);
  expect(lcsPlaces(one, other, "one").places).toEqual([0]);
  expect(lcsPlaces(one, other, "other").places).toEqual([1]);
});

it("long texts, which have tables of their own, and short ones after each other give the same", () => {
  const numbers = wordNumbers();
  const long = numbers(Array.from({ length: 200 }, (_, i) => `w${(i * 31) % 97}`));
  const short = long.slice(0, 20);
  const first = lcsPlaces(short, short.toReversed(), "one");
  expect(lcsPlaces(long, long.toReversed(), "one").places).toHaveLength(lcsLength(long, long.toReversed()));
  expect(lcsPlaces(short, short.toReversed(), "one")).toEqual(first);
  expect(lcsPlaces(short, long, "other").places).toEqual(Array.from({ length: 20 }, (_, i) => i));
});

it("texts whose table would not fit are refused with their sizes", () => {
  const words = new Uint32Array(50_000);
  expect(() => lcsLength(words, words)).toThrow(DataError);
  expect(() => lcsPlaces(words, words, "one")).toThrow(/got 50000 and 50000 words/);
});
