import { helmetF1 } from "../../harness/text-metrics/long-context/helmet.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** HELMET's f1: as SQuAD v1.1's, but yes, no and noanswer only match themselves. */
export const helmetF1Scorer: Scorer = {
  official: "HELMET 4526dfb",
  score: helmetF1,
};
