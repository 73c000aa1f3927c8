import { type Pack, unsupervised } from "../contracts/pack.ts";
import type { TrainingBatch } from "../model/train/backward.ts";

/** A pack ready for the model: labels shifted to targets, each target with its share of the step's loss. */
export interface Batch extends TrainingBatch {
  supervisedTokens: number;
  /** Example id of each segment. */
  sources: readonly string[];
  /** Σ loss weights of the supervised tokens. */
  weight: number;
}

/**
 * Hugging Face's labels stand at their own token; a target stands at the token before, in the same segment.
 * Weights are still the mix's: `normalise` divides them once the whole step is known.
 */
export function batchOf(pack: Pack): Batch {
  const targets = new Int32Array(pack.labels.length).fill(unsupervised);
  const weights = new Float32Array(pack.labels.length);
  let supervisedTokens = 0;
  let weight = 0;
  let start = 0;
  for (const length of pack.seq_lengths) {
    for (let t = start; t < start + length - 1; t++) {
      const label = pack.labels[t + 1]!;
      if (label < 0) continue;
      targets[t] = label;
      weights[t] = pack.loss_weights[t + 1]!;
      weight += weights[t]!;
      supervisedTokens++;
    }
    start += length;
  }
  const { input_ids: ids, sources } = pack;
  return { ids, targets, weights, segments: [...pack.seq_lengths], sources, supervisedTokens, weight };
}

/**
 * Makes the weights of all packs of one optimizer step add up to 1, so the loss is the (weighted) mean over
 * the step's supervised tokens however they are cut into packs (trl#2175, transformers#34191).
 */
export function normalise(batches: readonly Batch[]): void {
  const total = batches.reduce((sum, batch) => sum + batch.weight, 0);
  if (total === 0) return;
  for (const { weights } of batches) for (let t = 0; t < weights.length; t++) weights[t]! /= total;
}
