import { percent, type Rule, tunedAnswers } from "../evidence.ts";

/** The model says nothing. */
export const emptyAnswers: Rule = (evidence) => {
  const silent = tunedAnswers(evidence).filter(({ empty, answers }) => empty >= 0.3 * answers);
  if (silent.length === 0) return undefined;
  const parts = silent.map(({ benchmark, empty, answers }) => `${percent(empty / answers)} in ${benchmark}`);
  return {
    evidence: `answers are empty: ${parts.join(", ")}`,
    advice: "see with `zebra inspect` that the training answers have text and follow the same template",
  };
};
