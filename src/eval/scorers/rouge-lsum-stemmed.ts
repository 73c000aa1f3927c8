import { rougeScore } from "../../harness/text-metrics/rouge/rouge-score.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** F-measure of summary-level ROUGE-L with words of more than three letters stemmed. */
export const rougeLsumStemmed: Scorer = {
  official: "rouge_score 0.1.2 with use_stemmer",
  score: (prediction, target) => rougeScore("rougeLsum", prediction, target, { isStemmed: true }).fmeasure,
};
