import { describe, expect, it } from "vitest";
import { generate } from "../../../src/model/generate/generate.ts";
import { openPrefix } from "../../../src/model/generate/prefix.ts";
import { tokenNll } from "../../../src/model/score.ts";
import { randomIds, tinyConfig, tinyNetwork } from "../tiny.ts";

const V = 61;
const untrained = { kind: "none" } as const;

describe("a shared prefix", () => {
  for (const window of [1, 4, 64]) {
    it(`gives every continuation the nll it has after the whole prompt, window ${window}`, async () => {
      const network = await tinyNetwork(tinyConfig({ sliding_window: window }), untrained);
      const prefix = randomIds(21, V);
      const continuations = [1, 6, 0, 2, 9].map((n, i) => randomIds(n, V, i + 2));
      await using open = await openPrefix(network, prefix, 9);
      // Twice: what was scored before must leave nothing behind.
      for (let round = 0; round < 2; round++) {
        const found = await open.nll(continuations);
        for (const [i, own] of continuations.entries()) {
          const ids = Int32Array.of(...prefix, ...own);
          const targets = ids.map((_, t) => (t >= 20 && t + 1 < ids.length ? ids[t + 1]! : -100));
          const alone = (await tokenNll(network, ids, targets, [ids.length])).subarray(20, 20 + own.length);
          expect(found[i]!.length).toBe(own.length);
          expect(found[i]!).toBeAllClose(alone, { atol: 1e-5 });
        }
      }
    });

    it(`is generated from as if it stood before each prompt, window ${window}`, async () => {
      const network = await tinyNetwork(tinyConfig({ sliding_window: window }), untrained);
      const prefix = randomIds(13, V);
      const options = { maxNewTokens: 8, stopIds: [] };
      await using open = await openPrefix(network, prefix, 0);
      for (const n of [3, 0, 11]) {
        const prompt = randomIds(n, V, n);
        const alone = await generate(network, Int32Array.of(...prefix, ...prompt), options);
        expect(await open.generate(prompt, options)).toEqual(alone);
      }
    });
  }

  it("refuses continuations longer than it was opened for", async () => {
    const network = await tinyNetwork(tinyConfig(), untrained);
    await using open = await openPrefix(network, randomIds(5, V), 3);
    await expect(open.nll([randomIds(4, V)])).rejects.toThrow(
      "prefix: expected continuations of at most 3 tokens, got 4",
    );
  });
});
