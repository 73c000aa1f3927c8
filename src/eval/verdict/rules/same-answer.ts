import { type Rule, tunedAnswers } from "../evidence.ts";

/** Most questions get one and the same answer. */
export const sameAnswer: Rule = (evidence) => {
  const found = tunedAnswers(evidence)
    .filter(({ answers, commonest }) => answers >= 10 && commonest.count >= 0.5 * answers)
    .filter(
      ({ commonest, words, referenceWords }) => commonest.text.trim() !== "" && words + referenceWords > 0,
    );
  if (found.length === 0 || evidence.steps.length === 0) return undefined;
  const parts = found.map(
    ({ benchmark, commonest, answers }) =>
      `${commonest.count} of ${answers} answers of ${benchmark} are ${JSON.stringify(shortened(commonest.text))}`,
  );
  return {
    evidence: parts.join("; "),
    advice:
      "train longer on more varied questions, or with a lower finetune.lr: the document is not read yet",
  };
};

function shortened(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
