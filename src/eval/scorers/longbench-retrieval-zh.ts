import { namesParagraph, retrievalScore } from "../../harness/text-metrics/longbench/numbers.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** LongBench's retrieval_zh_score: the share of the numbers in an answer that are the right paragraph's. */
export const longbenchRetrievalZh: Scorer = {
  official: "LongBench 2e00731",
  accepts: {
    reference: 'an answer such as "段落3"',
    isReference: (target) => namesParagraph(target, "zh"),
  },
  score: (prediction, target) => retrievalScore(prediction, target, "zh"),
};
