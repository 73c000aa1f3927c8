import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packBestFit } from "../../../src/mixing/packs/best-fit.ts";
import { randomOf } from "../../../src/random.ts";

describe("best-fit packing", () => {
  it("places every sequence once and never over the capacity", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 64 }), { maxLength: 200 }), (lengths) => {
        const packs = packBestFit(lengths, 64);
        expect(packs.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
        for (const pack of packs)
          expect(pack.reduce((sum, i) => sum + lengths[i]!, 0)).toBeLessThanOrEqual(64);
      }),
    );
    expect(packBestFit([5, 4, 3, 3, 1], 8)).toEqual([
      [0, 2],
      [1, 3, 4],
    ]);
    expect(() => packBestFit([9], 8)).toThrow(RangeError);
  });

  it("fills 98 % on a mix of short questions and long documents", () => {
    const random = randomOf(1, "lengths");
    const lengths = Array.from({ length: 3000 }, (_, i) =>
      i % 4 === 0 ? 800 + random.below(3200) : 40 + random.below(400),
    );
    const packs = packBestFit(lengths, 4096);
    const tokens = lengths.reduce((a, b) => a + b, 0);
    expect(tokens / (packs.length * 4096)).toBeGreaterThan(0.98);
  });
});
