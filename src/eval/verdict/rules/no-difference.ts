import { formatCount } from "../../../format.ts";
import type { Rule } from "../evidence.ts";

/** Training has changed nothing that is measured. */
export const noDifference: Rule = ({ headlines, steps, recipe }) => {
  const [last] = steps.slice(-1);
  if (!last || headlines.length < 2 || headlines.some(({ outcome }) => outcome !== "same")) return undefined;
  const tokens = steps.reduce((sum, step) => sum + step.supervisedTokens, 0);
  const lr = recipe?.finetune.lr;
  return {
    evidence: `no benchmark differs after ${formatCount(last.step)} steps over ${formatCount(tokens)} supervised tokens`,
    advice:
      "train longer (a larger budget in mix, finetune.epochs), or raise " +
      `finetune.lr${lr === undefined ? "" : ` (now ${lr})`}`,
  };
};
