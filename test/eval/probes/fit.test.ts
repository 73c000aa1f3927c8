import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitUnits } from "../../../src/eval/probes/fit.ts";

describe("fitUnits", () => {
  const endless = { fewest: 0, most: Number.POSITIVE_INFINITY };

  it("leaves less than a unit free, whatever units have", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 0, max: 20000 }),
        async (fixed, perUnit, room) => {
          const made = async (units: number) => ({ tokens: fixed + units * perUnit });
          const found = await fitUnits(endless, room, made);
          if (fixed > room) expect(found).toEqual({ tokens: fixed });
          else {
            if (!("units" in found)) throw new Error("expected units");
            expect(found.made.tokens).toBeLessThanOrEqual(room);
            expect(room - found.made.tokens).toBeLessThan(Math.max(perUnit, room / 1000));
          }
        },
      ),
    );
  });

  it("ends after few tries, also where units differ wildly and more units may have fewer tokens", async () => {
    const odd = async (units: number) => ({ tokens: units * 3 + ((units * 7919) % 101) });
    for (const room of [100, 256, 1000, 4096, 131072]) {
      const found = await fitUnits(endless, room, odd);
      if (!("units" in found)) throw new Error("expected units");
      expect(found.made.tokens).toBeLessThanOrEqual(room);
      expect(found.tries).toBeLessThan(30);
    }
  });

  it("takes no more units than there are, and says what the fewest need", async () => {
    const made = async (units: number) => ({ tokens: 10 * units });
    expect(await fitUnits({ fewest: 2, most: 5 }, 1000, made)).toMatchObject({ units: 5 });
    expect(await fitUnits({ fewest: 2, most: 5 }, 19, made)).toEqual({ tokens: 20 });
  });
});
