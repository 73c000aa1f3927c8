import { namesParagraph, retrievalScore } from "../../harness/text-metrics/longbench/numbers.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** LongBench's retrieval_score: the share of the numbers in an answer that are the right paragraph's. */
export const longbenchRetrieval: Scorer = {
  official: "LongBench 2e00731",
  accepts: {
    reference: 'an answer such as "Paragraph 3"',
    isReference: (target) => namesParagraph(target, "en"),
  },
  score: (prediction, target) => retrievalScore(prediction, target, "en"),
};
