import fc from "fast-check";
import { expect, it } from "vitest";
import { batchOf, normalise } from "../../src/finetune/batch.ts";
import { packsOfStep, stepsPerEpoch } from "../../src/finetune/pack-order.ts";
import { createOptimizer } from "../../src/finetune/update/optimizer.ts";
import { backpropagate } from "../../src/model/train/backward.ts";
import { trainedNames } from "../../src/model/trained-names.ts";
import { randomIds, tinyNetwork } from "../model/tiny.ts";

function packOf(seqLengths: number[], ids: Int32Array, labels: Int32Array) {
  return {
    input_ids: ids,
    labels,
    position_ids: Int32Array.from(seqLengths.flatMap((n) => Array.from({ length: n }, (_, i) => i))),
    seq_lengths: Int32Array.from(seqLengths),
    loss_weights: new Float32Array(ids.length).fill(1),
    sources: seqLengths.map((_, i) => `s${i}`),
  };
}

it("a label becomes the target of the token before it, never across segments", () => {
  const ids = Int32Array.of(5, 6, 7, 8, 9);
  const batch = batchOf(packOf([3, 2], ids, Int32Array.of(-100, -100, 7, 8, 9)));
  expect([...batch.targets]).toEqual([-100, 7, -100, 9, -100]);
  expect(batch.supervisedTokens).toBe(2);
});

it("a step's gradient does not depend on how its packs are cut", async () => {
  // Normalising each micro-batch by itself weighs short ones up (trl#2175).
  const network = await tinyNetwork();
  const names = trainedNames(network.config, network.training);
  const lengths = [12, 7, 20];
  const ids = randomIds(39, 61);
  const labels = ids.map((id, t) => (t % 5 === 0 || t > 30 ? -100 : id));
  const cut = (bins: number[][]) => {
    const starts = [0, 12, 19];
    const take = (array: Int32Array, bin: number[]) =>
      Int32Array.from(bin.flatMap((i) => [...array.subarray(starts[i], starts[i]! + lengths[i]!)]));
    return bins.map((bin) =>
      batchOf(
        packOf(
          bin.map((i) => lengths[i]!),
          take(ids, bin),
          take(labels, bin),
        ),
      ),
    );
  };
  const run = async (bins: number[][]) => {
    const batches = cut(bins);
    normalise(batches);
    const { gradients } = await createOptimizer(network.weights, names);
    let loss = 0;
    for (const batch of batches) loss += (await backpropagate(network, batch, gradients)).loss;
    return { loss, gradients };
  };
  const whole = await run([[0, 1, 2]]);
  for (const bins of [
    [[0], [1], [2]],
    [[2, 0], [1]],
  ]) {
    const other = await run(bins);
    expect(other.loss).toBeCloseTo(whole.loss, 5);
    for (const name of names) {
      const expected = await network.device.read(whole.gradients.get(name));
      expect(await network.device.read(other.gradients.get(name))).toBeAllClose(expected, { atol: 5e-6 });
    }
  }
});

it("every epoch visits each pack once, in an order of its own", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 7 }),
      fc.integer(),
      (count, perStep, seed) => {
        const steps = stepsPerEpoch(count, perStep);
        const epoch = (e: number) =>
          Array.from({ length: steps }, (_, i) =>
            packsOfStep(e * steps + i + 1, count, perStep, seed),
          ).flat();
        for (const e of [0, 1])
          expect(epoch(e).sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      },
    ),
  );
  expect(packsOfStep(1, 30, 30, 5)).not.toEqual(packsOfStep(2, 30, 30, 5));
});
