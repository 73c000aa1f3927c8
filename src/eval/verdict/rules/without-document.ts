import { beside, controlsOf, gainOf, isAbove, leastItems } from "../controls-evidence.ts";
import type { Rule } from "../evidence.ts";

/** The model answers as well without the document. */
export const withoutDocument: Rule = (evidence) => {
  // A gain that is large but not sure is a matter of few items, which another rule tells.
  const found = controlsOf(evidence, "no_context").filter(
    (one) => one.n >= leastItems && !isAbove(one) && gainOf(one) <= 0.25 * Math.abs(one.score),
  );
  if (found.length === 0) return undefined;
  return {
    evidence: `the model answers as well without the document: ${found.map(beside("without")).join("; ")}`,
    advice:
      "the score does not come from reading: ask what only the document says, or train on answers that stand in " +
      "it (data.datasets[].build)",
  };
};
