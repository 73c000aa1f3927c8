import { exactMatch } from "./exact-match.ts";
import { rougeL, rougeN } from "./rouge.ts";
import { rougeLsum } from "./rouge-lsum.ts";
import { tokenF1 } from "./token-f1.ts";

/** A score in [0, 1] of a prediction against one reference. */
export type Scorer = (prediction: string, target: string) => number;

export const scorers = {
  exact_match: exactMatch,
  f1: tokenF1,
  rouge1: (prediction, target) => rougeN(prediction, target, 1),
  rouge2: (prediction, target) => rougeN(prediction, target, 2),
  rougeL,
  rougeLsum,
} as const satisfies Record<string, Scorer>;

/** The best score over several references, as SQuAD and rouge_score's score_multi take it. */
export function best(scorer: Scorer, prediction: string, targets: readonly string[]): number {
  return Math.max(0, ...targets.map((target) => scorer(prediction, target)));
}
