import { describe, expect, it } from "vitest";
import { expectedTensors } from "../../src/checkpoint/checkpoint.ts";
import { elementCount } from "../../src/engine/graph/element-count.ts";
import {
  cacheRows,
  forwardCost,
  parameterCount,
  visiblePairs,
  withFullAttention,
} from "../../src/model/cost.ts";
import { tinyConfig } from "./tiny.ts";

describe("what a model costs", () => {
  it("counts the parameters that its checkpoint has, tied and not", () => {
    for (const tie_word_embeddings of [true, false]) {
      const config = tinyConfig({ tie_word_embeddings });
      const inCheckpoint = [...expectedTensors(config)].reduce(
        (sum, { shape }) => sum + elementCount(shape),
        0,
      );
      expect(parameterCount(config).total).toBe(inCheckpoint);
    }
  });

  it("counts the pairs that may be seen, one by one", () => {
    for (const window of [null, 1, 3, 50]) {
      let pairs = 0;
      for (const n of [7, 1, 12]) {
        for (let i = 0; i < n; i++)
          for (let j = 0; j <= i; j++) if (window === null || j > i - window) pairs++;
      }
      expect(visiblePairs([7, 1, 12], window)).toBe(pairs);
    }
  });

  it("needs 30 % of scores and 27 % of the cache at 16k tokens with groups of 4, window 512", () => {
    const layer_types = Array.from({ length: 32 }, (_, i) =>
      i % 4 === 0 ? ("full_attention" as const) : ("sliding_attention" as const),
    );
    const config = tinyConfig({ num_hidden_layers: 32, layer_types, sliding_window: 512 });
    const full = withFullAttention(config);
    const share = forwardCost(config, [16384], 1).scores / forwardCost(full, [16384], 1).scores;
    expect(share).toBeCloseTo(0.296, 3);
    expect(cacheRows(config, 16384) / cacheRows(full, 16384)).toBeCloseTo(0.273, 3);
  });

  it("counts the products of a dense layer as 2mkn each", () => {
    const config = tinyConfig({ num_hidden_layers: 1, layer_types: ["full_attention"] });
    const { linear, head } = forwardCost(config, [10], 4);
    // q and o 16x16, k and v 8x16, three of 24x16; after the last layer's attention 4 of 10 tokens go on.
    expect(linear).toBe(2 * 10 * (256 + 2 * 128) + 2 * 4 * (256 + 3 * 384));
    expect(head).toBe(2 * 4 * 16 * 61);
  });
});
