import type { References } from "./references.ts";
import { countsOf } from "./squad/word-f1.ts";
import { tokenize13a } from "./tokenize-13a.ts";

const maxOrder = 4;

/**
 * BLEU of a corpus, 0 to 100 (Papineni et al. 2002), as sacrebleu 2.6.0 computes it with its defaults:
 * tokenizer 13a, n-grams to 4, the reference of the closest length, exponential smoothing of orders without a
 * match.
 */
export function bleu(predictions: readonly string[], references: References): number {
  const correct = [0, 0, 0, 0];
  const total = [0, 0, 0, 0];
  let [length, referenceLength] = [0, 0];
  for (const [i, prediction] of predictions.entries()) {
    const words = tokenize13a(prediction);
    const alternatives = references[i]!.map(tokenize13a);
    length += words.length;
    referenceLength += closestLength(words.length, alternatives);
    for (let order = 1; order <= maxOrder; order++) {
      const most = mostOf(alternatives.map((other) => ngramCounts(other, order)));
      for (const [gram, count] of ngramCounts(words, order)) {
        total[order - 1]! += count;
        correct[order - 1]! += Math.min(count, most.get(gram) ?? 0);
      }
    }
  }
  return bleuOf(correct, total, length, referenceLength);
}

function bleuOf(
  correct: readonly number[],
  total: readonly number[],
  length: number,
  referenceLength: number,
): number {
  if (correct.every((count) => count === 0)) return 0;
  // The text has no n-gram of some order at all: the geometric mean is taken with a zero.
  if (total.includes(0)) return 0;
  let divisor = 1;
  const logs = correct.map((count, i) => {
    if (count === 0) divisor *= 2;
    return Math.log(count === 0 ? 100 / (divisor * total[i]!) : (100 * count) / total[i]!);
  });
  const brevity = length < referenceLength ? Math.exp(1 - referenceLength / length) : 1;
  return brevity * Math.exp(logs.reduce((sum, log) => sum + log, 0) / maxOrder);
}

/** The length of the reference whose length is closest, the shorter of two as close. */
function closestLength(length: number, alternatives: readonly (readonly string[])[]): number {
  const lengths = alternatives.map((words) => words.length).sort((a, b) => a - b);
  return lengths.reduce((best, other) => (Math.abs(length - other) < Math.abs(length - best) ? other : best));
}

/** Words hold no white space, so that n-grams may be told apart by their text. */
export function ngramCounts(words: readonly string[], order: number): Map<string, number> {
  const last = words.length - order;
  const grams = Array.from({ length: Math.max(0, last + 1) }, (_, i) => words.slice(i, i + order).join(" "));
  return countsOf(grams);
}

function mostOf(counts: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const most = new Map<string, number>();
  for (const some of counts)
    for (const [gram, count] of some) most.set(gram, Math.max(count, most.get(gram) ?? 0));
  return most;
}
