import { rougeScore } from "../../harness/text-metrics/rouge/rouge-score.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** F-measure of ROUGE-1: words that the prediction shares with the target. */
export const rouge1: Scorer = {
  official: "rouge_score 0.1.2",
  score: (prediction, target) => rougeScore("rouge1", prediction, target).fmeasure,
};
