import { formatCount, formatValue } from "../../../format.ts";
import type { Rule } from "../evidence.ts";

/** The loss on held-out examples was lower before the end: it learns by heart. */
export const validationRose: Rule = ({ validations, recipe }) => {
  const last = validations.at(-1);
  if (!last || validations.length < 2) return undefined;
  const best = validations.reduce((a, b) => (b.lossNatsPerToken < a.lossNatsPerToken ? b : a));
  if (best.step === last.step || last.lossNatsPerToken < 1.01 * best.lossNatsPerToken) return undefined;
  const [low, high] = [formatValue(best.lossNatsPerToken), formatValue(last.lossNatsPerToken)];
  const lr = recipe?.finetune.lr;
  const now = lr === undefined ? "" : ` (now ${lr})`;
  return {
    evidence: `validation loss rose after step ${formatCount(best.step)}: ${low} → ${high} at step ${formatCount(last.step)}`,
    advice:
      best.step === 0
        ? `lower finetune.lr${now}: training has not helped on held-out examples at all`
        : `train less (finetune.max_steps=${best.step}, or fewer epochs), or lower finetune.lr${now}`,
  };
};
