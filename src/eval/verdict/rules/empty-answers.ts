import { percent, type Rule, tunedAnswers } from "../evidence.ts";

/** The model says nothing, and more often than the first model of the evaluation. */
export const emptyAnswers: Rule = (evidence) => {
  const first = evidence.results?.models[0]?.label;
  const silent = tunedAnswers(evidence).filter(({ benchmark, model, empty, answers }) => {
    const before = evidence.answers.find((one) => one.benchmark === benchmark && one.model === first);
    const usual = before && before.model !== model ? before.empty / before.answers : 0;
    return empty / answers >= 0.3 + usual;
  });
  if (silent.length === 0) return undefined;
  const parts = silent.map(({ benchmark, empty, answers }) => `${percent(empty / answers)} in ${benchmark}`);
  return {
    evidence: `answers are empty: ${parts.join(", ")}`,
    advice: "see with `zebra inspect` that the training answers have text and follow the same template",
  };
};
