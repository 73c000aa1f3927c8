import { normalizeAnswer } from "../scoring/normalize-answer.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** 1 where the normalised texts are the same, else 0 (SQuAD v1.1's exact_match_score). */
export const exactMatch: Scorer = {
  official: "SQuAD v1.1",
  score: (prediction, target) => Number(normalizeAnswer(prediction) === normalizeAnswer(target)),
};
