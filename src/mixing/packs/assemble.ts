import { type Pack, unsupervised } from "../../contracts/pack.ts";
import type { Sequence } from "../sequences/sequences.ts";

/**
 * Joins sequences into a pack: positions restart with each, labels are at trained tokens, never at a first
 * token.
 */
export function assemblePack(sequences: readonly Sequence[], weights: ArrayLike<number>): Pack {
  const length = sequences.reduce((n, { ids }) => n + ids.length, 0);
  const pack: Pack = {
    input_ids: new Int32Array(length),
    labels: new Int32Array(length).fill(unsupervised),
    position_ids: new Int32Array(length),
    seq_lengths: Int32Array.from(sequences, ({ ids }) => ids.length),
    loss_weights: new Float32Array(length),
    sources: sequences.map(({ example }) => example.id),
  };
  let start = 0;
  for (const [i, { ids, trained }] of sequences.entries()) {
    pack.input_ids.set(ids, start);
    for (let t = 0; t < ids.length; t++) {
      pack.position_ids[start + t] = t;
      pack.loss_weights[start + t] = weights[i]!;
      if (t > 0 && trained[t] === 1) pack.labels[start + t] = ids[t]!;
    }
    start += ids.length;
  }
  return pack;
}
