import { answerWords, normalizeAnswer } from "./normalize-answer.ts";

/** Harmonic mean of two shares; 0 where nothing is shared. */
export function harmonicMean(precision: number, recall: number): number {
  return precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
}

/** F1 of two bags of words: 0 where they share none. */
export function bagF1(got: readonly string[], expected: readonly string[]): number {
  const shared = sharedCount(got, expected);
  return shared === 0 ? 0 : harmonicMean(shared / got.length, shared / expected.length);
}

/** How many words two bags share, each as often as it is in both. */
export function sharedCount(got: readonly string[], expected: readonly string[]): number {
  const left = countsOf(expected);
  let shared = 0;
  for (const word of got) {
    const count = left.get(word) ?? 0;
    if (count > 0) shared++;
    left.set(word, count - 1);
  }
  return shared;
}

export function countsOf(words: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** SQuAD's exact match: the normalised texts are the same. */
export function squadExact(prediction: string, target: string): number {
  return Number(normalizeAnswer(prediction) === normalizeAnswer(target));
}

/** SQuAD v1.1's f1_score, which is LongBench's qa_f1_score. */
export function squadF1(prediction: string, target: string): number {
  return bagF1(answerWords(prediction), answerWords(target));
}

/** SQuAD v2.0's compute_f1: where one side has no words, 1 if neither has. */
export function squadV2F1(prediction: string, target: string): number {
  const [got, expected] = [answerWords(prediction), answerWords(target)];
  if (got.length === 0 || expected.length === 0) return Number(got.length === expected.length);
  return bagF1(got, expected);
}
