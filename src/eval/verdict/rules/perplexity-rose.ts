import { formatValue } from "../../../format.ts";
import { percent, type Rule } from "../evidence.ts";

/** More than this share is more than a tuned model need lose on plain text. */
const tolerated = 0.03;

/** Plain documents are predicted worse: the model forgets what it could. */
export const perplexityRose: Rule = ({ headlines, recipe, steps }) => {
  const found = headlines.find(({ metric }) => metric === "perplexity");
  if (!found?.before || found.outcome !== "worse" || steps.length === 0) return undefined;
  const [before, after] = [found.before.value, found.after.value];
  if (after / before <= 1 + tolerated) return undefined;
  const lr = recipe?.finetune.lr;
  return {
    evidence:
      `perplexity of plain documents rose by ${percent(after / before - 1)} ` +
      `(${formatValue(before)} → ${formatValue(after)})`,
    advice:
      "mix plain text in: the same documents again with `build: { name: continuation }` beside the " +
      `chat rows; or lower finetune.lr${lr === undefined ? "" : ` (now ${lr})`}`,
  };
};
