import { squadExact } from "../../harness/text-metrics/squad/word-f1.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** 1 where the normalised texts are the same, else 0 (SQuAD v1.1's exact_match_score; v2.0's as well). */
export const exactMatch: Scorer = {
  official: "SQuAD v1.1",
  score: squadExact,
};
