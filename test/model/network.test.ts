import { describe, expect, it } from "vitest";
import { createOptimizer } from "../../src/finetune/optimizers/optimizer.ts";
import { allLogits, tokenNll } from "../../src/model/score.ts";
import { backpropagate } from "../../src/model/train/backward.ts";
import { trainedNames } from "../../src/model/trained-names.ts";
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

  it("gradients of a pack equal the sum over its segments", async () => {
    const network = await tinyNetwork();
    const names = trainedNames(network.config, network.training);
    const ids = randomIds(length, 61);
    const targets = randomIds(length, 61, 2).map((id, t) => (t % 3 === 0 ? -100 : id));
    const weights = new Float32Array(length).fill(0.02);
    const packed = (await createOptimizer(network.weights, names)).gradients;
    const alone = (await createOptimizer(network.weights, names)).gradients;
    const whole = await backpropagate(network, { ids, targets, weights, segments }, packed);
    let sum = 0;
    for (const [i, part] of parts(ids).entries()) {
      const batch = {
        ids: part,
        targets: parts(targets)[i]!,
        weights: parts(weights)[i]!,
        segments: [part.length],
      };
      sum += (await backpropagate(network, batch, alone)).loss;
    }
    expect(whole.loss).toBeCloseTo(sum, 5);
    for (const name of names) {
      const a = await network.device.read(packed.get(name));
      expect(a).toBeAllClose(await network.device.read(alone.get(name)), { atol: 2e-5 });
      expect(Math.max(...a.map(Math.abs))).toBeGreaterThan(1e-5);
    }
  });
});

it("a query that sees only itself gives its q and k weights a gradient of exactly 0", async () => {
  // Row sums from the output left noise of 1e-9 here, which AdamW turned into steps of size lr.
  const network = await tinyNetwork(tinyConfig({ sliding_window: 1 }));
  const names = trainedNames(network.config, network.training);
  const { gradients } = await createOptimizer(network.weights, names);
  const ids = randomIds(40, 61);
  await backpropagate(
    network,
    { ids, targets: ids, weights: new Float32Array(40).fill(1), segments: [40] },
    gradients,
  );
  for (const module of ["q_proj", "k_proj"]) {
    const gradient = await network.device.read(gradients.get(`model.layers.1.self_attn.${module}.weight`));
    expect(gradient.every((value) => Object.is(Math.abs(value), 0))).toBe(true);
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
