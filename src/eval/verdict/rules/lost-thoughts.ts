import { pairsOf, percent, type Rule } from "../evidence.ts";

/** The base thinks before it answers, the tuned model no longer does. */
export const lostThoughts: Rule = (evidence) => {
  const lost = pairsOf(evidence).filter(
    ({ before, after }) => before.thinking >= 0.5 * before.answers && after.thinking <= 0.1 * after.answers,
  );
  const [first] = lost;
  if (!first) return undefined;
  const { before, after } = first;
  return {
    evidence:
      `${percent(before.thinking / before.answers)} of the base's answers to ${before.benchmark} begin with ` +
      `a thought, ${percent(after.thinking / after.answers)} of the tuned model's`,
    advice:
      "add rows whose answers think first (`thought`), or see mix.on_lost_thought and train_on.thoughts",
  };
};
