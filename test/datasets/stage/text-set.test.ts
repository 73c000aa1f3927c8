import fc from "fast-check";
import { expect, it } from "vitest";
import { Sizes } from "../../../src/datasets/stage/sizes.ts";
import { TextSet } from "../../../src/datasets/stage/text-set.ts";

it("says of every text whether it was there before, as a Set does", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string({ maxLength: 2 }), fc.string({ unit: "binary" }))), (texts) => {
      const [found, expected] = [new TextSet(), new Set<string>()];
      for (const text of texts) {
        expect(found.add(text)).toBe(!expected.has(text));
        expected.add(text);
      }
      expect(found.size).toBe(expected.size);
    }),
  );
});

it("tells lone surrogates apart", () => {
  const set = new TextSet();
  expect([set.add("\ud800"), set.add("\ud801"), set.add("\ud800")]).toEqual([true, true, false]);
});

it("grows", () => {
  const set = new TextSet();
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 20_000; i++) expect(set.add(`text ${i}`)).toBe(round === 0);
  }
  expect(set.size).toBe(20_000);
});

it("knows the median and the like of sizes, as of their sorted list", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 30 })), (list) => {
      const sizes = new Sizes();
      for (const size of list) sizes.add(size);
      const sorted = list.toSorted((a, b) => a - b);
      const at = (share: number) =>
        sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
      const total = list.reduce((sum, size) => sum + size, 0);
      expect(sizes.result()).toEqual({ total, median: at(0.5), p90: at(0.9), max: at(1) });
    }),
  );
});
