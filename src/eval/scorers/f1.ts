import { normalizeAnswer } from "../scoring/normalize-answer.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** F1 of the two bags of normalised words (SQuAD v1.1's f1_score): 0 where they share none. */
export const f1: Scorer = {
  official: "SQuAD v1.1",
  score(prediction, target) {
    const words = (text: string): string[] => normalizeAnswer(text).split(" ").filter(Boolean);
    const [got, expected] = [words(prediction), words(target)];
    const left = new Map<string, number>();
    for (const word of expected) left.set(word, (left.get(word) ?? 0) + 1);
    let shared = 0;
    for (const word of got) {
      const count = left.get(word) ?? 0;
      if (count > 0) shared++;
      left.set(word, count - 1);
    }
    if (shared === 0) return 0;
    const precision = shared / got.length;
    const recall = shared / expected.length;
    return (2 * precision * recall) / (precision + recall);
  },
};
