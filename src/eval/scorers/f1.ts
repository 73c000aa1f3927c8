import { squadF1 } from "../../harness/text-metrics/squad/word-f1.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** F1 of the two bags of normalised words: SQuAD v1.1's f1_score, LongBench's qa_f1_score. */
export const f1: Scorer = {
  official: "SQuAD v1.1",
  score: squadF1,
};
