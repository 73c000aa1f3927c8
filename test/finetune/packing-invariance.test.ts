import { expect, it } from "vitest";
import { batchOf, normalise } from "../../src/finetune/batch.ts";
import { createOptimizer } from "../../src/finetune/update/optimizer.ts";
import { assemblePack } from "../../src/mixing/packs/assemble.ts";
import { packBestFit } from "../../src/mixing/packs/best-fit.ts";
import { lossWeights } from "../../src/mixing/packs/loss-weights.ts";
import type { Sequence } from "../../src/mixing/sequences/sequences.ts";
import { backpropagate } from "../../src/model/train/backward.ts";
import { trainedNames } from "../../src/model/trained-names.ts";
import { randomIds, tinyConfig, tinyNetwork } from "../model/tiny.ts";

/** Short and long answers, so that the three means differ. */
const shapes = [
  { dataset: "a", prompt: 6, answer: 1 },
  { dataset: "a", prompt: 2, answer: 14 },
  { dataset: "b", prompt: 11, answer: 3 },
  { dataset: "b", prompt: 3, answer: 5 },
  { dataset: "c", prompt: 1, answer: 9 },
];
const sequences = shapes.map(({ dataset, prompt, answer }, i): Sequence => {
  const ids = randomIds(prompt + answer, 61, 100 + i);
  const source = { dataset, revision: "1", license: "CC0-1.0", row: i, document: `${i}` };
  return {
    ids,
    trained: Uint8Array.from(ids, (_, t) => (t >= prompt ? 1 : 0)),
    supervised: answer,
    answers: [],
    example: { id: `${dataset}/${i}`, task: "qa", source },
  };
});

/** Loss and gradients of one step over these packs, gradients of the packs added up as in training. */
async function stepOf(bins: readonly (readonly number[])[], weights: ArrayLike<number>) {
  const network = await tinyNetwork(tinyConfig(), { kind: "full" });
  const names = trainedNames(network.config, network.training);
  const optimizer = await createOptimizer(network.weights, names);
  const batches = bins.map((bin) =>
    batchOf(
      assemblePack(
        bin.map((i) => sequences[i]!),
        bin.map((i) => weights[i]!),
      ),
    ),
  );
  normalise(batches);
  let loss = 0;
  for (const batch of batches) loss += (await backpropagate(network, batch, optimizer.gradients)).loss;
  const gradients = await Promise.all(
    names.map((name) => network.device.read(optimizer.gradients.get(name))),
  );
  return { loss, gradients: gradients.map((one) => Float32Array.from(one)) };
}

const lengths = sequences.map(({ ids }) => ids.length);
const packings: Record<string, number[][]> = {
  "all in one": [[0, 1, 2, 3, 4]],
  "best fit": packBestFit(lengths, 20),
  "another order": [[4, 1], [3], [2, 0]],
};

for (const kind of ["token", "sequence", "source"] as const) {
  it(`${kind}: loss and gradients of a step do not depend on packing or accumulation`, async () => {
    const weights = lossWeights(
      kind,
      sequences.map(({ example, supervised }) => ({ dataset: example.source.dataset, supervised })),
    );
    const apart = await stepOf(
      sequences.map((_, i) => [i]),
      weights,
    );
    // LongAlign's K/(N_i·M) by its definition: the mean over sequences of each one's mean.
    const means = await Promise.all(sequences.map((_, i) => stepOf([[i]], [1, 1, 1, 1, 1])));
    const mean = (of: number[]) => of.reduce((a, b) => a + b, 0) / of.length;
    const byToken = means.reduce((sum, { loss }, i) => sum + loss * shapes[i]!.answer, 0) / 32;
    const bySource = ["a", "b", "c"].map((name) => {
      const own = [...shapes.keys()].filter((i) => shapes[i]!.dataset === name);
      const tokens = own.reduce((sum, i) => sum + shapes[i]!.answer, 0);
      return own.reduce((sum, i) => sum + means[i]!.loss * shapes[i]!.answer, 0) / tokens;
    });
    const expected = {
      token: byToken,
      sequence: mean(means.map(({ loss }) => loss)),
      source: mean(bySource),
    };
    expect(apart.loss).toBeCloseTo(expected[kind], 5);
    for (const bins of Object.values(packings)) {
      const packed = await stepOf(bins, weights);
      expect(packed.loss).toBeCloseTo(apart.loss, 5);
      expect(packed.gradients).toBeAllClose(apart.gradients, { atol: 2e-5 });
    }
  });
}
