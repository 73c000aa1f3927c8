import { substringExactMatch } from "../../harness/text-metrics/long-context/helmet.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** 1 where the normalised target is part of the normalised prediction (HELMET's substring_exact_match). */
export const substringExactMatchScorer: Scorer = {
  official: "HELMET 4526dfb",
  score: substringExactMatch,
};
