import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tileMask } from "../../../src/model/attention/tile-masks.ts";
import { tileArea, tiles } from "../../../src/model/attention/tiles.ts";

const spans = fc.record({
  segments: fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 }),
  window: fc.option(fc.integer({ min: 1, max: 900 })),
});

describe("the tiles of a layer", () => {
  it("let every query see exactly the keys of its segment and window", () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: 1, max: 16 }), ({ segments, window }, heads) => {
        const starts = segments.flatMap((length, i) => {
          const start = segments.slice(0, i).reduce((a, b) => a + b, 0);
          return Array.from({ length }, () => start);
        });
        const first = new Int32Array(starts.length).fill(-1);
        const count = new Int32Array(starts.length);
        for (const tile of tiles({ segments, window }, heads)) {
          const queries = tile.queryEnd - tile.queryStart;
          const offset = tile.queryStart - tile.keyStart;
          const keys = offset + queries;
          const mask = tileMask(queries, offset, window);
          for (let i = 0; i < queries; i++) {
            const row = mask.subarray(i * keys, (i + 1) * keys);
            const seen = row.filter((value) => value === 0).length;
            expect(count[tile.queryStart + i]).toBe(0);
            count[tile.queryStart + i] = seen;
            first[tile.queryStart + i] = tile.keyStart + row.indexOf(0);
          }
        }
        for (const [t, start] of starts.entries()) {
          const from = window === null ? start : Math.max(start, t - window + 1);
          expect([first[t], count[t]]).toEqual([from, t - from + 1]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("cost n·w in a local layer and n²/2 in a global one", () => {
    const area = (tokens: number, window: number | null) => {
      let sum = 0;
      for (const t of tiles({ segments: [tokens], window }, 12)) sum += tileArea(t);
      return sum;
    };
    expect(area(16384, 512) / area(8192, 512)).toBeCloseTo(2, 1);
    expect(area(16384, 512)).toBeLessThan(1.6 * 16384 * 512);
    expect(area(16384, null)).toBeLessThan(1.1 * (16384 ** 2 / 2));
  });
});
