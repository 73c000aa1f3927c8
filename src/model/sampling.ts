/** How the next token is drawn; names, defaults and order are those of transformers' generation. */
export interface Sampling {
  /** 0 is greedy: the likeliest token, after `repetitionPenalty`. */
  temperature?: number;
  /** Only the k likeliest; 0: all. */
  topK?: number;
  /** Only the likeliest that together reach this probability. */
  topP?: number;
  /** Only tokens at least this many times as likely as the likeliest. */
  minP?: number;
  /** Scores of tokens that are there already are divided by this where positive, multiplied where negative (arXiv 1909.05858). */
  repetitionPenalty?: number;
}

/**
 * Draws from logits, [V], which it may change: repetition penalty, temperature, top-k, top-p (arXiv 1904.09751), min-p
 * (arXiv 2407.01082), in this order, each on what the one before left. `seen`: ids of prompt and answer so far.
 * `uniform` gives a number in [0, 1). Equal scores count by id, the lower first.
 */
export function chooseToken(
  logits: Float32Array,
  { temperature = 0, topK = 0, topP = 1, minP = 0, repetitionPenalty = 1 }: Sampling,
  seen: Iterable<number>,
  uniform: () => number,
): number {
  if (repetitionPenalty !== 1) {
    for (const id of new Set(seen))
      logits[id]! *= logits[id]! > 0 ? 1 / repetitionPenalty : repetitionPenalty;
  }
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id;
  if (temperature === 0) return best;

  const top = logits[best]!;
  const weights = new Float64Array(logits.length);
  for (let id = 0; id < logits.length; id++) weights[id] = Math.exp((logits[id]! - top) / temperature);
  let candidates = likeliest(weights, topK, topP);
  const total = sum(candidates, weights);
  let kept = 0;
  for (let mass = 0; kept < candidates.length && mass < topP * total; kept++)
    mass += weights[candidates[kept]!]!;
  candidates = candidates.slice(0, Math.max(1, kept)).filter((id) => weights[id]! >= minP);

  let point = uniform() * sum(candidates, weights);
  for (const id of candidates) {
    point -= weights[id]!;
    if (point < 0) return id;
  }
  return candidates.at(-1)!;
}

/** Ids in the order of their weights: the first topK, or all that top-p may need. */
function likeliest(weights: Float64Array, topK: number, topP: number): number[] {
  let total = 0;
  for (const weight of weights) total += weight;
  // What is below this together weighs less than 1 − topP, so top-p is full before its turn comes.
  let least = topK > 0 ? 0 : ((1 - topP) * total) / weights.length;
  if (topK > 0 && topK < weights.length) least = weights.toSorted()[weights.length - topK]!;
  const ids: number[] = [];
  for (let id = 0; id < weights.length; id++) if (weights[id]! >= least) ids.push(id);
  if (topK === 0 && topP >= 1) return ids; // all of them, in any order
  ids.sort((a, b) => weights[b]! - weights[a]! || a - b);
  return topK > 0 ? ids.slice(0, topK) : ids;
}

function sum(ids: readonly number[], weights: Float64Array): number {
  return ids.reduce((total, id) => total + weights[id]!, 0);
}
