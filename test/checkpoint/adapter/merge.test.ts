import { describe, expect, it } from "vitest";
import type { Adapter } from "../../../src/checkpoint/adapter/adapter.ts";
import { mergeAdapter, withAdapter } from "../../../src/checkpoint/adapter/merge.ts";
import type { Checkpoint } from "../../../src/checkpoint/checkpoint.ts";
import { layerWeightName } from "../../../src/model/weights.ts";
import { tinyConfig, tinyTensors } from "../tiny.ts";

describe("merging", () => {
  it("adds scale · B·A, summed in float64", () => {
    // [2, 3] + 0.5 · [2, 2] · [2, 3]
    const weight = Float32Array.of(1, 2, 3, 4, 5, 6);
    const a = Float32Array.of(1, 0, 2, 0, 1, -1);
    const b = Float32Array.of(1, 2, 3, 4);
    expect([...mergeAdapter(weight, a, b, 2, 0.5)]).toEqual([1.5, 3, 3, 5.5, 7, 7]);
    expect([...weight]).toEqual([1, 2, 3, 4, 5, 6]);
    // 1 − 1 + 2^-30: float32 sums would keep 2^-30 only by luck of the order, products of 2^30 and 2^-60
    // never.
    const tiny = mergeAdapter(
      Float32Array.of(0),
      Float32Array.of(1, 2 ** -30, -1),
      Float32Array.of(1, 1, 1),
      3,
      1,
    );
    expect([...tiny]).toEqual([2 ** -30]);
  });

  it("refuses sizes that do not fit", () => {
    const three = new Float32Array(3);
    expect(() => mergeAdapter(new Float32Array(8), three, three, 1, 1)).toThrow(
      "merge: expected a weight of 3 × 3 values for an adapter of rank 1, got 8 values",
    );
  });
});

describe("a checkpoint with an adapter", () => {
  const config = tinyConfig();
  const tensors = new Map(tinyTensors(config).map((tensor) => [tensor.name, tensor]));
  const checkpoint: Checkpoint = {
    dir: "base",
    config,
    dtypes: new Set(["BF16" as const]),
    tensorNames: [...tensors.keys()],
    readTensor: async (name) => ({ ...tensors.get(name)!, dtype: "BF16" }),
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  const q = layerWeightName(1, "q_proj");
  const adapterOf = (pairs: Adapter["pairs"]): Adapter => ({
    r: 1,
    alpha: 2,
    scale: 2,
    useRslora: false,
    targetModules: null,
    baseModel: null,
    pairs,
  });

  it("reads merged what is adapted, and all else as it is", async () => {
    const pair = { a: new Float32Array(8).fill(0.25), b: new Float32Array(16).fill(1) };
    const merged = withAdapter(checkpoint, adapterOf(new Map([[q, pair]])));
    expect(merged.tensorNames).toEqual(checkpoint.tensorNames);
    for (const [name, { shape, data }] of tensors) {
      const expected = name === q ? data.map((value) => value + 0.5) : data;
      expect(await merged.readTensor(name), name).toEqual({ name, shape, data: expected, dtype: "BF16" });
    }
  });

  it("refuses an adapter of another model before anything is read, all problems at once", () => {
    const other = layerWeightName(2, "q_proj");
    const pairs = new Map([
      [q, { a: new Float32Array(8), b: new Float32Array(8) }],
      [other, { a: new Float32Array(8), b: new Float32Array(16) }],
    ]);
    expect(() => withAdapter(checkpoint, adapterOf(pairs))).toThrow(
      [
        "base: 2 problems",
        `  - tensor "${q}": expected an adapter for [16, 8], got one for [8, 8]`,
        `  - tensor "${other}": expected it here, as the adapter adapts it, got no such tensor`,
        "Check that the adapter belongs to this model.",
      ].join("\n"),
    );
  });
});
