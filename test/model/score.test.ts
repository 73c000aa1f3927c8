import { describe, expect, it } from "vitest";
import { allLogits, tokenNll } from "../../src/model/score.ts";
import { randomIds, tinyConfig, tinyNetwork } from "./tiny.ts";

const segments = [9, 1, 17, 4, 30];
const length = segments.reduce((a, b) => a + b, 0);

/** Slices of a packed array, one a segment. */
const parts = <T extends Int32Array | Float32Array>(array: T, width = 1) =>
  segments.map((n, i) => {
    const start = segments.slice(0, i).reduce((a, b) => a + b, 0);
    return array.slice(start * width, (start + n) * width) as T;
  });

describe("packing changes nothing", () => {
  for (const sliding_window of [1, 5, 100]) {
    it(`logits of packed segments equal those of each alone, window ${sliding_window}`, async () => {
      const network = await tinyNetwork(tinyConfig({ sliding_window }));
      const ids = randomIds(length, 61);
      const packed = parts(await allLogits(network, ids, segments), 61);
      for (const [i, alone] of parts(ids).entries()) {
        expect(await allLogits(network, alone, [alone.length])).toBeAllClose(packed[i]!, { atol: 1e-5 });
      }
    });
  }
});

it("only supervised targets are scored, and as the logits say", async () => {
  const network = await tinyNetwork();
  const ids = randomIds(20, 61);
  const targets = randomIds(20, 61, 3).map((id, t) => (t < 12 ? -100 : id));
  const nll = await tokenNll(network, ids, targets, [20]);
  const logits = await allLogits(network, ids, [20]);
  const expected = Array.from(targets, (target, t) => {
    if (target < 0) return 0;
    const row = logits.subarray(t * 61, (t + 1) * 61);
    return Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0)) - row[target]!;
  });
  expect(nll).toBeAllClose(expected, { atol: 5e-5 });
  expect([...nll.subarray(0, 12)]).toEqual(Array(12).fill(0));
});
