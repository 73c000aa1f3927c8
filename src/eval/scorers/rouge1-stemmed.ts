import { rougeScore } from "../../harness/text-metrics/rouge/rouge-score.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** F-measure of ROUGE-1 with words of more than three letters stemmed. */
export const rouge1Stemmed: Scorer = {
  official: "rouge_score 0.1.2 with use_stemmer",
  score: (prediction, target) => rougeScore("rouge1", prediction, target, { isStemmed: true }).fmeasure,
};
