import { answerLetter } from "../../harness/text-metrics/longbench/answer-letter.ts";
import type { Scorer } from "../scoring/scorer.ts";

/** 1 where the answer names the right letter in LongBench v2's words: The correct answer is (B). */
export const longbenchV2Answer: Scorer = {
  official: "LongBench 2e00731",
  accepts: { reference: "A, B, C or D", isReference: (target) => /^[A-D]$/.test(target) },
  score: (prediction, target) => Number(answerLetter(prediction) === target),
};
