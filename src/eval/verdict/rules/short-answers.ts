import { pairsOf, percent, type Rule } from "../evidence.ts";

/** Answers of at most so many tokens are a line. */
const lineTokens = 32;

/** Answers became short: the mix teaches to write facts. */
export const shortAnswers: Rule = (evidence) => {
  const shorter = pairsOf(evidence).filter(
    ({ before, after }) =>
      after.words < 0.6 * before.words && after.words < 0.7 * after.referenceWords && before.words >= 5,
  );
  if (shorter.length === 0) return undefined;
  const parts = shorter.map(
    ({ before, after }) =>
      `${after.benchmark}: ${before.words} words before, ${after.words} after, ` +
      `${after.referenceWords} in the references`,
  );
  const answers = evidence.lengths?.answers ?? [];
  const share = answers.filter((tokens) => tokens <= lineTokens).length / answers.length;
  const cause =
    share >= 0.5 ? `; ${percent(share)} of the mix's answers have at most ${lineTokens} tokens` : "";
  return {
    evidence: `answers became short (${parts.join("; ")})${cause}`,
    advice:
      "raise the weight of tasks with long answers (mix.task_weights: { summarization: 4, writing: 2 }), " +
      "or add rows of them",
  };
};
