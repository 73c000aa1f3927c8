import { rougeN } from "../scoring/rouge-overlap.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** F-measure of ROUGE-1: words that the prediction shares with the target. */
export const rouge1: Scorer = {
  official: "rouge_score 0.1.2",
  score: (prediction, target) => rougeN(prediction, target, 1),
};
