import { percent, type Rule, tunedAnswers } from "../evidence.ts";

/** Answers go on until they are cut off, though the references are shorter. */
export const neverEnds: Rule = (evidence) => {
  const endless = tunedAnswers(evidence).filter(
    ({ answers, cut, words, referenceWords }) => cut >= 0.8 * answers && words > 1.5 * referenceWords,
  );
  if (endless.length === 0 || evidence.steps.length === 0) return undefined;
  const parts = endless.map(
    ({ benchmark, cut, answers }) => `${benchmark}: ${percent(cut / answers)} of the answers`,
  );
  return {
    evidence: `the tuned model does not end its answers (${parts.join(", ")} were cut off)`,
    advice:
      "see with `zebra inspect --tokens` that the end token after an answer is trained " +
      "(mix.train_on.eos); then train longer",
  };
};
