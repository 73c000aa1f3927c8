import type { Sampling } from "../api.ts";
import { kthLargest } from "./kth-largest.ts";

/**
 * Draws an id from logits [V], which it may change. In this order, and each on what the one before left:
 * repetition penalty, temperature, top-k, top-p (arXiv 1904.09751), min-p (arXiv 2407.01082). It is the order
 * of `_get_logits_processor` in transformers' generation/utils.py. `seen`: ids of prompt and answer so far.
 * `uniform` gives a number in [0, 1). Of equal scores, that of the lower id comes first.
 */
export function chooseToken(
  logits: Float32Array,
  { temperature = 0, topK = 0, topP = 1, minP = 0, repetitionPenalty = 1 }: Sampling,
  seen: ReadonlySet<number>,
  uniform: () => number,
): number {
  if (repetitionPenalty !== 1) {
    for (const id of seen) logits[id]! *= logits[id]! > 0 ? 1 / repetitionPenalty : repetitionPenalty;
  }
  if (temperature === 0) return indexOfLargest(logits);

  const weights = weightsOf(logits, temperature);
  const candidates = candidatesOf(weights, topK, topP, minP);
  let point = uniform() * sum(candidates, weights);
  for (const id of candidates) {
    point -= weights[id]!;
    if (point < 0) return id;
  }
  return candidates.at(-1)!;
}

function indexOfLargest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/** Probabilities divided by that of the likeliest token: 1 for it, less for the others. */
function weightsOf(logits: Float32Array, temperature: number): Float64Array {
  const top = logits[indexOfLargest(logits)]!;
  return Float64Array.from(logits, (logit) => Math.exp((logit - top) / temperature));
}

/** Ids that may be drawn. */
function candidatesOf(weights: Float64Array, topK: number, topP: number, minP: number): number[] {
  const likely = likeliest(weights, topK, topP);
  // Top-p is a share of what top-k left, or of all tokens, with those that are too unlikely for `likely`.
  const left = cuts(topK, weights) ? sum(likely, weights) : weights.reduce((a, b) => a + b, 0);
  const mass = topP * left;
  let kept = 0;
  for (let before = 0; kept < likely.length && before < mass; kept++) before += weights[likely[kept]!]!;
  return likely.slice(0, Math.max(1, kept)).filter((id) => weights[id]! >= minP);
}

/** Ids in the order of their weights: the first topK, or all that top-p may need. Only those are sorted. */
function likeliest(weights: Float64Array, topK: number, topP: number): number[] {
  const isCut = cuts(topK, weights);
  let least = 0;
  if (isCut) least = kthLargest(weights, topK);
  // All that is below this weighs less than 1 − topP together, so top-p is reached before.
  else if (topP < 1) least = ((1 - topP) * weights.reduce((a, b) => a + b, 0)) / weights.length;
  const ids: number[] = [];
  for (let id = 0; id < weights.length; id++) if (weights[id]! >= least) ids.push(id);
  if (!isCut && topP >= 1) return ids; // all of them, in any order
  ids.sort((a, b) => weights[b]! - weights[a]! || a - b);
  return isCut ? ids.slice(0, topK) : ids;
}

function cuts(topK: number, { length }: Float64Array): boolean {
  return topK > 0 && topK < length;
}

function sum(ids: readonly number[], weights: Float64Array): number {
  return ids.reduce((total, id) => total + weights[id]!, 0);
}
