import type { FinetuneSpec } from "../contracts/recipe.ts";

type Decay = (progress: number) => number;

/** From 1 at progress 0 to 0 at progress 1. */
const shapes = {
  cosine: (progress) => (1 + Math.cos(Math.PI * progress)) / 2,
  linear: (progress) => 1 - progress,
  constant: () => 1,
} as const satisfies Record<FinetuneSpec["lr_schedule"], Decay>;

/**
 * Learning rate of a step (1-based) out of `totalSteps`: a linear rise over `warmup_steps`, then the
 * schedule's fall from lr to lr · min_lr_ratio.
 */
export function learningRate(
  spec: Pick<FinetuneSpec, "lr" | "lr_schedule" | "min_lr_ratio" | "warmup_steps">,
  step: number,
  totalSteps: number,
): number {
  if (step <= spec.warmup_steps) return (spec.lr * step) / spec.warmup_steps;
  const progress = (step - spec.warmup_steps) / Math.max(1, totalSteps - spec.warmup_steps);
  const floor = spec.lr_schedule === "constant" ? 1 : spec.min_lr_ratio;
  return spec.lr * (floor + (1 - floor) * shapes[spec.lr_schedule](Math.min(1, progress)));
}
