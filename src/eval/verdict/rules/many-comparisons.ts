import { formatP } from "../../../format.ts";
import type { Rule } from "../evidence.ts";

/** Of many comparisons one or the other shows a difference by chance. */
export const manyComparisons: Rule = ({ headlines }) => {
  const compared = headlines.filter(({ p }) => p !== undefined);
  const doubtful = compared.filter(
    ({ outcome, adjustedP = 0 }) => (outcome === "better" || outcome === "worse") && adjustedP > 0.05,
  );
  if (doubtful.length === 0) return undefined;
  const severalModels = new Set(compared.map(({ model }) => model)).size > 1;
  const parts = doubtful.map(
    ({ benchmark, model, p, adjustedP }) =>
      `${benchmark}${severalModels ? ` of ${model}` : ""}: p ${formatP(p!)}, ${formatP(adjustedP!)} by Holm`,
  );
  return {
    evidence: `of ${compared.length} comparisons at 95 %, what may be chance: ${parts.join("; ")}`,
    advice: "do not count on it before more items, or another seed of training, show the same",
  };
};
