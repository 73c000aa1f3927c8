import { describe, expect, it } from "vitest";
import { generate, generateBatch } from "../../../src/model/generate/generate.ts";
import { KeyValueCache } from "../../../src/model/generate/kv-cache.ts";
import { continueAll, logitsOf, prefill } from "../../../src/model/generate/prefill.ts";
import { openPrefix } from "../../../src/model/generate/prefix.ts";
import type { Network } from "../../../src/model/network.ts";
import { allLogits, tokenNll } from "../../../src/model/score.ts";
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

describe("several prompts side by side", () => {
  it("have the logits that the programs for many rows give them", async () => {
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

  it("each gets the answer it gets alone, whatever the others' lengths and ends", async () => {
    const network = await tinyNetwork(tinyConfig(), untrained);
    const prompts = [3, 17, 1, 30].map((n) => randomIds(n, V, n));
    const first = await generate(network, prompts[1]!, { maxNewTokens: 12, stopIds: [] });
    const options = { maxNewTokens: 12, stopIds: [first.ids[4]!] };
    const alone = [];
    for (const prompt of prompts) alone.push(await generate(network, prompt, options));
    expect(await generateBatch(network, prompts, options)).toEqual(alone);
    expect(alone[1]!.finish).toBe("stop");
    expect(alone.some(({ finish }) => finish === "length")).toBe(true);
  });

  it("tells whose token it is, and ends only the one the caller ends", async () => {
    const network = await tinyNetwork(tinyConfig(), untrained);
    const places: number[] = [];
    const results = await generateBatch(network, [randomIds(4, V), randomIds(6, V)], {
      maxNewTokens: 5,
      stopIds: [],
      onToken: (_, place) => places.push(place) > 0 && !(place === 0 && places.length > 2),
    });
    expect(results.map(({ ids, finish }) => [ids.length, finish])).toEqual([
      [2, "caller"],
      [5, "length"],
    ]);
    expect(places).toEqual([0, 1, 0, 1, 1, 1, 1]);
  });
});

describe("prompts that begin alike", () => {
  for (const window of [1, 5, 300]) {
    it(`go through the layers once as far as they do, with the same answers, window ${window}`, async () => {
      const network = await tinyNetwork(tinyConfig({ sliding_window: window }), untrained);
      const [document, chapter] = [randomIds(100, V, 1), randomIds(80, V, 2)];
      const after = (...parts: Int32Array[]) => Int32Array.from(parts.flatMap((part) => [...part]));
      const [q1, q2, q3] = [5, 3, 70].map((n) => randomIds(n, V, n + 10)) as [
        Int32Array,
        Int32Array,
        Int32Array,
      ];
      const prompts = [
        after(document, chapter, q1),
        after(q3),
        after(document, q2),
        after(document, chapter, q3),
        after(document, chapter, q1),
        after(document, chapter),
      ];
      const options = { maxNewTokens: 6, stopIds: [] };
      const alone = [];
      for (const prompt of prompts) alone.push(await generate(network, prompt, options));
      let taken = 0;
      const gather: Network["gather"] = {
        ...network.gather,
        run(feeds, into) {
          taken += feeds.ids!.shape[0]!;
          return network.gather.run(feeds, into);
        },
      };
      expect(await generateBatch({ ...network, gather }, prompts, options)).toEqual(alone);
      // The document and the chapter once, but for the last token of the prompt that ends there; then what
      // differs.
      // Two prompts that are the same, and too little to be worth a copy, each take their own rest.
      const steps = 5 * prompts.length;
      expect(taken).toBe(100 + 79 + 1 + 2 * (1 + 5) + (1 + 70) + 3 + 70 + steps);
    });
  }

  it("leave no cache behind, whether or not they come to an end", async () => {
    const network = await tinyNetwork(tinyConfig(), untrained);
    const document = randomIds(90, V, 1);
    const prompts = [1, 2, 3].map((id) => Int32Array.of(...document, id));
    const { device } = network;
    // Caches and recent rows are what zeros are made for.
    const live = new Set<unknown>();
    let made = 0;
    const watched: typeof device = {
      ...device,
      zeros(shape) {
        const tensor = device.zeros(shape);
        live.add(tensor);
        made++;
        return tensor;
      },
      release(...tensors) {
        for (const tensor of tensors) live.delete(tensor);
        device.release(...tensors);
      },
    };
    // At the second token of the second prompt: the first ones are drawn before there are rows of steps.
    let tokens = 0;
    const onToken = () => {
      if (++tokens === 5) throw new Error("enough");
      return undefined;
    };
    const own = { ...network, device: watched };
    await generateBatch(own, prompts, { maxNewTokens: 2, stopIds: [] });
    await expect(generateBatch(own, prompts, { maxNewTokens: 2, stopIds: [], onToken })).rejects.toThrow(
      "enough",
    );
    // A trunk, three branches and the rows of the steps: keys and values of four layers, twice.
    expect(made).toBe(2 * 5 * 2 * 4);
    expect(live.size).toBe(0);
  });
});
