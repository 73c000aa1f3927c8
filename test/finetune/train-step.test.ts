import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FinetuneSpec } from "../../src/contracts/recipe.ts";
import { trainStep, validationLoss } from "../../src/finetune/train-step.ts";
import { createOptimizer } from "../../src/finetune/update/optimizer.ts";
import { openPacks, writePacks } from "../../src/mixing/packs/pack-store.ts";
import { tokenNll } from "../../src/model/score.ts";
import { trainedNames } from "../../src/model/trained-names.ts";
import { randomIds, tinyNetwork } from "../model/tiny.ts";

/** Two packs of different size, with loss weights that differ. */
const packs = [
  { lengths: [9, 4], unsupervised: 3 },
  { lengths: [21], unsupervised: 15 },
].map(({ lengths, unsupervised }, p) => {
  const ids = randomIds(
    lengths.reduce((a, b) => a + b),
    61,
    p + 1,
  );
  return {
    input_ids: ids,
    labels: ids.map((id, t) => (t < unsupervised ? -100 : id)),
    position_ids: Int32Array.from(lengths.flatMap((n) => [...Array(n).keys()])),
    seq_lengths: Int32Array.from(lengths),
    loss_weights: Float32Array.from(ids, (_, t) => 0.5 + (t % 3)),
    sources: lengths.map((_, i) => `${p}/${i}`),
  };
});
// Of 9 + 4 tokens those from the fourth on, but for the first of the second segment; of 21 the last six.
const supervised = [9, 6];

let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "zebratune-step-"));
  await writePacks(dir, packs);
});
afterAll(() => rmSync(dir, { recursive: true }));

/** nll and loss weight of each supervised token, in all packs. */
async function nllOf(network: Awaited<ReturnType<typeof tinyNetwork>>) {
  const all: { nll: number; weight: number }[] = [];
  for (const { input_ids, labels, seq_lengths, loss_weights } of packs) {
    const starts = new Set(
      [...seq_lengths].map((_, i) => seq_lengths.slice(0, i).reduce((a, b) => a + b, 0)),
    );
    const targets = input_ids.map((_, t) => (starts.has(t + 1) ? -100 : (labels[t + 1] ?? -100)));
    const nll = await tokenNll(network, input_ids, targets, [...seq_lengths]);
    for (const [t, target] of targets.entries())
      if (target >= 0) all.push({ nll: nll[t]!, weight: loss_weights[t + 1]! });
  }
  return all;
}

const mean = (tokens: readonly { nll: number }[]) =>
  tokens.reduce((sum, { nll }) => sum + nll, 0) / tokens.length;

describe("a loss over packs", () => {
  it("in validation is the mean over supervised tokens, each the same", async () => {
    const network = await tinyNetwork();
    await using store = await openPacks(dir);
    const seen: number[] = [];
    const result = await validationLoss(network, store, (done) => seen.push(done));
    const all = await nllOf(network);
    expect(result.supervisedTokens).toBe(15);
    expect(result.lossNatsPerToken).toBeCloseTo(all.reduce((sum, { nll }) => sum + nll, 0) / 15, 5);
    expect(seen).toEqual([0, 1]);
    // Datasets are the first part of the examples' ids: pack 0 is all of "0", pack 1 of "1".
    const [first, second] = [all.slice(0, 9), all.slice(9)].map(mean);
    expect(result.lossBySource["0"]?.lossNatsPerToken).toBeCloseTo(first!, 5);
    expect(result.lossBySource["1"]?.lossNatsPerToken).toBeCloseTo(second!, 5);
    expect(Object.values(result.lossBySource).map((one) => one.supervisedTokens)).toEqual(supervised);
  });

  it("in training is the weighted mean of the step, of the model before it", async () => {
    const network = await tinyNetwork();
    const all = await nllOf(network);
    const total = all.reduce((sum, { weight }) => sum + weight, 0);
    const expected = all.reduce((sum, { nll, weight }) => sum + nll * weight, 0) / total;
    const optimizer = await createOptimizer(network.weights, trainedNames(network.config, network.training));
    const spec = {
      lr: 1e-3,
      lr_schedule: "linear",
      min_lr_ratio: 0,
      warmup_steps: 0,
      weight_decay: 0,
      adam_beta1: 0.9,
      adam_beta2: 0.95,
      adam_eps: 1e-8,
      max_grad_norm: 1,
      packs_per_step: 2,
      activation_checkpointing: "none",
    } as FinetuneSpec;
    await using store = await openPacks(dir);
    const result = await trainStep(network, optimizer, store, spec, { step: 1, totalSteps: 4, seed: 1 });
    expect(result).toMatchObject({
      tokens: 34,
      supervisedTokens: supervised[0]! + supervised[1]!,
      lr: 0.75e-3,
    });
    expect(result.lossNatsPerToken).toBeCloseTo(expected, 5);
    expect(result.lossBySource["0"]?.lossNatsPerToken).toBeCloseTo(mean(all.slice(0, 9)), 5);
    expect(result.lossBySource["1"]?.lossNatsPerToken).toBeCloseTo(mean(all.slice(9)), 5);
    const after = (await nllOf(network)).reduce((sum, { nll, weight }) => sum + nll * weight, 0) / total;
    expect(after).toBeLessThan(expected);
  });
});
