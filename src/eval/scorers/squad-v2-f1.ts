import { squadV2F1 } from "../../harness/text-metrics/squad/word-f1.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** SQuAD v2.0's compute_f1: F1 of words, and 1 where neither side has any. */
export const squadV2F1Scorer: Scorer = {
  official: "SQuAD v2.0",
  score: squadV2F1,
};
