import type { Rule } from "../evidence.ts";

/** Examples that come back this often are learned by heart. */
const many = 5;

/** A small dataset with a large share is repeated many times. */
export const oftenRepeated: Rule = ({ mix, recipe }) => {
  const epochs = recipe?.finetune.epochs ?? 1;
  const found = Object.entries(mix?.datasets ?? {}).filter(([, one]) => one.max_repeats * epochs >= many);
  if (found.length === 0) return undefined;
  const parts = found.map(
    ([name, one]) => `${name} up to ${one.max_repeats * epochs} times (${one.available_sequences} examples)`,
  );
  return {
    evidence: `the same examples are trained on again and again: ${parts.join(", ")}`,
    advice: "add examples, or lower the dataset's mix.weights, mix.max_epochs or finetune.epochs",
  };
};
