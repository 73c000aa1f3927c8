import type { Scorer } from "../scoring/scorer.ts";
import { exactMatch } from "./exact-match.ts";
import { f1 } from "./f1.ts";
import { rougeL } from "./rouge-l.ts";
import { rougeLsum } from "./rouge-lsum.ts";
import { rouge1 } from "./rouge1.ts";
import { rouge2 } from "./rouge2.ts";

/** Scorers by the name used in results. */
export const scorerCatalog = {
  exact_match: exactMatch,
  f1,
  rouge1,
  rouge2,
  rougeL,
  rougeLsum,
} as const satisfies Record<string, Scorer>;
