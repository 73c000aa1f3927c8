import { containsReference, rulerPrediction } from "../../harness/text-metrics/long-context/ruler.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** RULER's string_match_part: whether any reference is found in the answer, in whatever case. */
export const stringMatchPart: Scorer = {
  official: "RULER c3f5e3b",
  score: (prediction, target) => Number(containsReference(rulerPrediction(prediction), target)),
};
