import { describe, expect, it } from "vitest";
import { generate, generateBatch } from "../../../src/model/generate/generate.ts";
import type { Network } from "../../../src/model/network.ts";
import { randomIds, tinyConfig, tinyNetwork } from "../tiny.ts";

const V = 61;
const untrained = { kind: "none" } as const;

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
