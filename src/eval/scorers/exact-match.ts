import { normalizeAnswer } from "../normalize-answer.ts";

/** 1 where the normalised texts are the same, else 0 (SQuAD v1.1's exact_match_score). */
export function exactMatch(prediction: string, target: string): number {
  return Number(normalizeAnswer(prediction) === normalizeAnswer(target));
}
