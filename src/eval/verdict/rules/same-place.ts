import { wilsonInterval95 } from "../../statistics/wilson.ts";
import { controlsOf, leastItems } from "../controls-evidence.ts";
import { percent, type Rule } from "../evidence.ts";

/** The model's choices stand in one place. */
export const samePlace: Rule = (evidence) => {
  const parts = controlsOf(evidence, "position").flatMap(({ benchmark, positions }) => {
    const n = positions.reduce((sum, one) => sum + one.n, 0);
    const most = positions.reduce((best, one) => (one.chosen > best.chosen ? one : best));
    const [low] = wilsonInterval95(most.chosen, n);
    if (n < leastItems || low <= most.n / n + 0.1) return [];
    return [
      `${benchmark}: ${percent(most.chosen / n)} of the choices are number ${most.position}, ` +
        `${percent(most.n / n)} of the right ones`,
    ];
  });
  if (parts.length === 0) return undefined;
  return {
    evidence: `the place of a choice decides: ${parts.join("; ")}`,
    advice: "compare with the choices in another order before you trust the accuracy",
  };
};
