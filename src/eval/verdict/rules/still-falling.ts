import { formatCount, formatValue } from "../../../format.ts";
import { percent, type Rule } from "../evidence.ts";

/** The loss on held-out examples still fell when the training ended. */
export const stillFalling: Rule = ({ validations, recipe }) => {
  const last = validations.at(-1);
  if (!last || validations.length < 3) return undefined;
  const earlier = validations.findLast(({ step }) => step <= (2 / 3) * last.step);
  if (!earlier || earlier.step === 0) return undefined;
  const lowest = Math.min(...validations.map(({ lossNatsPerToken }) => lossNatsPerToken));
  const fall = 1 - last.lossNatsPerToken / earlier.lossNatsPerToken;
  if (last.lossNatsPerToken > lowest || fall < 0.02) return undefined;
  const isCapped = (recipe?.mix.budget_tokens ?? 0) > 0 || (recipe?.mix.budget_supervised_tokens ?? 0) > 0;
  return {
    evidence:
      `validation loss still fell at the end: by ${percent(fall)} from step ${formatCount(earlier.step)} ` +
      `to ${formatCount(last.step)} (${formatValue(earlier.lossNatsPerToken)} → ` +
      `${formatValue(last.lossNatsPerToken)})`,
    advice: isCapped
      ? "train longer: a larger budget in mix, or more finetune.epochs"
      : "more finetune.epochs",
  };
};
