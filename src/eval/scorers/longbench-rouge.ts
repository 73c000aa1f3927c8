import { longbenchRouge } from "../../harness/text-metrics/longbench/rouge.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** LongBench's rouge_score: ROUGE-L of the package rouge 1.0.1, which is another one than Google's. */
export const longbenchRougeScorer: Scorer = {
  official: "LongBench 2e00731",
  score: (prediction, target) => longbenchRouge(prediction, target),
};
