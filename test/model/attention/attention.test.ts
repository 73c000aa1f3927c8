import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Tensor } from "../../../src/engine/device.ts";
import { compileAttention } from "../../../src/model/attention/attention.ts";
import { tileMask } from "../../../src/model/attention/tile-masks.ts";
import { byHeadTokens, tileArea, tiles } from "../../../src/model/attention/tiles.ts";
import { randomOf } from "../../../src/random.ts";
import { available } from "../../engine/available.ts";
import { tinyConfig } from "../tiny.ts";

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

describe("heads of a long segment that take turns, its keys in blocks, are all heads at once", () => {
  const config = tinyConfig();
  const segments = [40, byHeadTokens + 5, 30];
  const T = segments.reduce((a, b) => a + b, 0);
  // A window as wide as the text shows a query what a global layer does, by tiles of all heads.
  const [global, wide] = [
    { segments, window: null },
    { segments, window: T },
  ];
  const random = randomOf(1, "attention");
  const sizes = { q: 4, k: 2, v: 2, dO: 4 };
  const values = Object.entries(sizes).map(([name, heads]) => {
    const shape = [T, heads * config.head_dim];
    return { name, shape, data: Float32Array.from({ length: T * shape[1]! }, () => random.next() - 0.5) };
  });

  for (const name of ["cpu", "tfjs", "webgpu"] as const) {
    it(`on ${name}`, async ({ skip }) => {
      const { device, reason } = await available(name);
      if (!device) return skip(reason);
      const attention = await compileAttention(device, config);
      const inputs = Object.fromEntries(
        values.map(({ name, data, shape }) => [name, device.upload(data, shape)]),
      );
      const { q, k, v, dO } = inputs as Record<keyof typeof sizes, Tensor>;
      expect([...tiles(global, 4)].some(({ byHead }) => byHead)).toBe(true);
      expect([...tiles(wide, 4)].some(({ byHead }) => byHead)).toBe(false);
      const made = await attention.forwardKeeping(q, k, v, global);
      const together = await attention.forwardKeeping(q, k, v, wide);
      expect([made.lse === null, together.lse]).toEqual([false, null]);
      const read = (x: Tensor) => device.read(x);
      expect(await read(made.o)).toBeAllClose(await read(together.o), { atol: 1e-6 });
      const found = await attention.backward({ q, k, v, ...made }, dO, global);
      const expected = await attention.backward({ q, k, v, ...together }, dO, wide);
      for (const side of ["dq", "dk", "dv"] as const) {
        expect(await read(found[side])).toBeAllClose(await read(expected[side]), { atol: 2e-5 });
      }
      // The first query of a segment sees one key: no score of it can move anything.
      const first = await device.read(device.rows(found.dq, segments[0]!, segments[0]! + 1));
      expect([...first].map(Math.abs)).toEqual(Array.from(first, () => 0));

      const long = segments[1]!;
      const rows = (x: Tensor, start: number) => device.rows(x, segments[0]! + start, segments[0]! + long);
      const from = long - 100;
      const last = await attention.forward(rows(q, from), rows(k, 0), rows(v, 0), {
        segments: [long],
        window: null,
        from,
      });
      expect(await read(last)).toBeAllClose(await read(rows(made.o, from)), { atol: 1e-6 });
      await device.dispose();
    });
  }
});
