import { rougeScore } from "../../harness/text-metrics/rouge/rouge-score.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** F-measure of ROUGE-L (Lin 2004, §3.1): the longest common subsequence of the whole texts. */
export const rougeL: Scorer = {
  official: "rouge_score 0.1.2",
  score: (prediction, target) => rougeScore("rougeL", prediction, target).fmeasure,
};
