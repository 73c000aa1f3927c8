import { countScore } from "../../harness/text-metrics/longbench/numbers.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** LongBench's count_score: the share of the numbers in an answer that are the right one. */
export const longbenchCount: Scorer = {
  official: "LongBench 2e00731",
  accepts: { reference: 'a number such as "7"', isReference: (target) => /^\p{Nd}+$/u.test(target) },
  score: countScore,
};
