import { exactMatch } from "./exact-match.ts";
import { f1 } from "./f1.ts";
import { rougeL } from "./rouge-l.ts";
import { rougeLsum } from "./rouge-lsum.ts";
import { rouge1 } from "./rouge1.ts";
import { rouge2 } from "./rouge2.ts";

/** A score in [0, 1] of a prediction against one reference. */
export type Scorer = (prediction: string, target: string) => number;

/** By the name that results carry. */
export const scorerCatalog = {
  exact_match: exactMatch,
  f1,
  rouge1,
  rouge2,
  rougeL,
  rougeLsum,
} as const satisfies Record<string, Scorer>;
