import { containsReference, rulerPrediction } from "../../harness/text-metrics/long-context/ruler.ts";
import type { Scorer } from "../scoring/scorer.ts";

/**
 * RULER's string_match_all: whether a reference, and of several the share that is found in the answer, in
 * whatever case.
 */
export const stringMatchAll: Scorer = {
  official: "RULER c3f5e3b",
  over: "mean",
  score: (prediction, target) => Number(containsReference(rulerPrediction(prediction), target)),
};
