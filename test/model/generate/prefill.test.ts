import { describe, expect, it } from "vitest";
import { KeyValueCache } from "../../../src/model/generate/kv-cache.ts";
import { continueAll, logitsOf, prefill } from "../../../src/model/generate/prefill.ts";
import type { Network } from "../../../src/model/network.ts";
import { allLogits } from "../../../src/model/score.ts";
import { randomIds, tinyConfig, tinyNetwork } from "../tiny.ts";

const V = 61;
const untrained = { kind: "none" } as const;

describe("a prompt taken in by pieces", () => {
  for (const window of [1, 5, 64]) {
    it(`leaves the logits of the whole, window ${window}`, async () => {
      const network = await tinyNetwork(tinyConfig({ sliding_window: window }), untrained);
      const ids = randomIds(40, V);
      const cache = new KeyValueCache(network, 40);
      const whole = await allLogits(network, ids, [40]);
      const largest = whole.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      let end = 0;
      for (const n of [1, 7, 3, 1, 28]) {
        const x = await continueAll(network, [{ cache, ids: ids.subarray(end, end + n) }], true);
        const logits = await logitsOf(network, x);
        expect(logits).toBeAllClose(whole.subarray(end * V, (end + n) * V), { atol: 1e-5 * largest });
        end += n;
      }
      expect(cache.length).toBe(40);
    });
  }

  it("longer than one piece, it is the same as all at once", async () => {
    const network = await tinyNetwork(tinyConfig(), untrained);
    const ids = randomIds(2500, V);
    const cache = new KeyValueCache(network, 2500);
    const last = await logitsOf(network, await prefill(network, cache, ids));
    const whole = await allLogits(network, ids, [2500]);
    expect(last).toBeAllClose(whole.subarray(2499 * V), { atol: 1e-5 });
  });
});

it("several sequences side by side have the logits that the programs for many rows give them", async () => {
  const network = await tinyNetwork(tinyConfig(), untrained);
  const step = async (own: Network) => {
    const parts = [];
    for (const n of [3, 9]) {
      const cache = new KeyValueCache(own, n + 1);
      own.device.release(await prefill(own, cache, randomIds(n, V, n)));
      parts.push({ cache, ids: Int32Array.of(n) });
    }
    return logitsOf(own, await continueAll(own, parts, true));
  };
  expect(network.few).not.toBeNull();
  expect(await step(network)).toBeAllClose(await step({ ...network, few: null }), { atol: 1e-5 });
});
