import { rougeScore } from "../../harness/text-metrics/rouge/rouge-score.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** F-measure of summary-level ROUGE-L (Lin 2004, §3.2) with lines as sentences. */
export const rougeLsum: Scorer = {
  official: "rouge_score 0.1.2",
  score: (prediction, target) => rougeScore("rougeLsum", prediction, target).fmeasure,
};
