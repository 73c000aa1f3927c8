import { controlsOf, figures, isAbove, leastItems } from "../controls-evidence.ts";
import type { Rule } from "../evidence.ts";

/** Always the commonest right answer would score as high. */
export const commonestAnswer: Rule = (evidence) => {
  const found = controlsOf(evidence, "majority").filter(
    (one) => one.n >= leastItems && one.count > 1 && !isAbove(one),
  );
  if (found.length === 0) return undefined;
  const parts = found.map(
    (one) => `${one.benchmark}: always ${JSON.stringify(shortened(one.answer))} ${figures(one)}`,
  );
  return {
    evidence: `no better than always the commonest right answer: ${parts.join("; ")}`,
    advice: "do not take the score for knowledge; more items (limit) show a small lead",
  };
};

function shortened(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
