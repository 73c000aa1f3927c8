import { formatValue } from "../../../format.ts";
import { controlsOf } from "../controls-evidence.ts";
import type { Rule } from "../evidence.ts";

/** Test questions or documents are trained on. */
export const trainedOn: Rule = (evidence) => {
  const found = controlsOf(evidence, "contamination").filter(({ contaminated }) => contaminated.length > 0);
  if (found.length === 0) return undefined;
  const parts = found.map(({ benchmark, contaminated, n, score, clean }) => {
    const [first] = contaminated;
    return (
      `${contaminated.length} of ${n} of ${benchmark} (first: ${first!.id}, its ${first!.kind} in ${first!.row}); ` +
      `score ${formatValue(score)}, without them ${clean ? formatValue(clean.value) : "none"}`
    );
  });
  return {
    evidence: `training rows have test questions or documents: ${parts.join("; ")}`,
    advice:
      "take them out of training: data.curate.decontaminate; eval/results.json has each with the matched text",
  };
};
