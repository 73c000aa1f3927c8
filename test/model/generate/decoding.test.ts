import { describe, expect, it } from "vitest";
import { Decoding, fillMask } from "../../../src/model/generate/decoding.ts";
import { KeyValueCache } from "../../../src/model/generate/kv-cache.ts";
import { prefill } from "../../../src/model/generate/prefill.ts";
import { recentRows } from "../../../src/model/layers/decode-step.ts";
import type { Network } from "../../../src/model/network.ts";
import { allLogits } from "../../../src/model/score.ts";
import { available } from "../../engine/available.ts";
import { randomIds, tinyConfig, tinyNetwork } from "../tiny.ts";

const V = 61;
const untrained = { kind: "none" } as const;

/** Holds the logits of every step against those of whole texts, to 1e-5 of the largest. */
async function expectWhole(
  network: Network,
  lengths: readonly number[],
  steps: number,
  endAt: number,
): Promise<void> {
  const texts = lengths.map((length, i) => randomIds(length + steps, V, i + 1));
  const whole: Float32Array[] = [];
  for (const text of texts) whole.push(await allLogits(network, text, [text.length]));
  const largest = Math.max(...whole.map((logits) => logits.reduce((m, x) => Math.max(m, Math.abs(x)), 0)));
  const caches: KeyValueCache[] = [];
  for (const [i, length] of lengths.entries()) {
    const cache = new KeyValueCache(network, length);
    network.device.release(await prefill(network, cache, texts[i]!.subarray(0, length)));
    caches.push(cache);
  }
  const decoding = await Decoding.of(network, caches);
  let live = [...lengths.keys()];
  for (let n = 0; n < steps; n++) {
    if (n === endAt) {
      live = live.filter((i) => i !== 1);
      await decoding.keep([...lengths.keys()].filter((i) => i !== 1));
    }
    const found = await decoding.step(Int32Array.from(live, (i) => texts[i]![lengths[i]! + n]!));
    for (const [place, i] of live.entries()) {
      const at = (lengths[i]! + n) * V;
      expect(found.subarray(place * V, (place + 1) * V)).toBeAllClose(whole[i]!.subarray(at, at + V), {
        atol: 1e-5 * largest,
      });
    }
  }
  decoding.release();
}

describe("tokens that are decoded side by side have the logits of their whole texts", () => {
  // Windows of one token, shorter than the rows packed at once, longer, and longer than the texts.
  for (const window of [1, 5, 20, 90, 300]) {
    it(`window ${window}: over many packings, whatever the lengths, and after one has ended`, async () => {
      const network = await tinyNetwork(tinyConfig({ sliding_window: window }), untrained);
      await expectWhole(network, [1, 30, 63, 7], 10 * recentRows, 3 * recentRows + 2);
      await expectWhole(network, [65], 2 * recentRows, Number.POSITIVE_INFINITY);
    });
  }

  // Their memory is not the host's.
  for (const name of ["tfjs", "webgpu"] as const) {
    it(`on ${name}`, async ({ skip }) => {
      const { device, reason } = await available(name);
      if (!device) return skip(reason);
      const network = await tinyNetwork(tinyConfig(), untrained, device);
      await expectWhole(network, [3, 6, 9], recentRows + 3, recentRows + 1);
      await device.dispose();
    });
  }
});

it("shows a token what is in the ring and in its window", () => {
  const seen = (C: number, end: number, n: number, window: number | null) => {
    const mask = new Float32Array(C + recentRows);
    fillMask(mask, end, n, window);
    const shown = (from: number, to: number) =>
      [...mask.subarray(from, to)].map((x) => (x === 0 ? 1 : 0)).join("");
    return `${shown(0, C)} ${shown(C, C + 4)}`;
  };
  expect(seen(6, 4, 0, null)).toBe("111100 1000");
  expect(seen(6, 6, 2, null)).toBe("111111 1110");
  // Positions 2 to 7 lie in rows 2 … 5, 0, 1; the token at 8 sees 5, 6 and 7, that at 10 sees 7 and two
  // recent ones.
  expect(seen(6, 8, 0, 4)).toBe("110001 1000");
  expect(seen(6, 8, 2, 4)).toBe("010000 1110");
  expect(seen(6, 8, 3, 2)).toBe("000000 0011");
  expect(seen(6, 8, 3, 1)).toBe("000000 0001");
});
