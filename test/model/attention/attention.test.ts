import { describe, expect, it } from "vitest";
import type { Tensor } from "../../../src/engine/device.ts";
import { compileAttention } from "../../../src/model/attention/attention.ts";
import { byHeadTokens, tiles } from "../../../src/model/attention/tiles.ts";
import { randomOf } from "../../../src/random.ts";
import { available } from "../../engine/available.ts";
import { tinyConfig } from "../tiny.ts";

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
