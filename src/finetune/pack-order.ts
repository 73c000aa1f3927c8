import type { FinetuneSpec, MixSpec } from "../contracts/recipe.ts";
import { randomOf } from "../random.ts";

/**
 * Which packs make up an optimizer step (1-based). Every epoch visits each pack once, shuffled again where
 * the order is `shuffled`. The result depends on seed and step only, so a resumed run needs no state to go on
 * with the same packs.
 */
export function packsOfStep(
  step: number,
  packCount: number,
  packsPerStep: number,
  seed: number,
  order: MixSpec["order"] = "shuffled",
): number[] {
  const perEpoch = stepsPerEpoch(packCount, packsPerStep);
  const epoch = Math.floor((step - 1) / perEpoch);
  const first = ((step - 1) % perEpoch) * packsPerStep;
  return epochOrder(packCount, epoch, seed, order).slice(first, first + packsPerStep);
}

/** The last step of an epoch may have fewer packs. */
export function stepsPerEpoch(packCount: number, packsPerStep: number): number {
  return Math.ceil(packCount / packsPerStep);
}

/** Optimizer steps of a whole training: `max_steps`, or as many as the epochs give. */
export function totalSteps(
  packCount: number,
  { max_steps, epochs, packs_per_step }: Pick<FinetuneSpec, "max_steps" | "epochs" | "packs_per_step">,
): number {
  return max_steps > 0 ? max_steps : Math.ceil(stepsPerEpoch(packCount, packs_per_step) * epochs);
}

let latest: { key: string; order: number[] } | undefined;

/**
 * Packs of an epoch, in the order in which they are trained on. The mix wrote them in its order: a curriculum
 * is kept as it is, and of longest_first the first pack is the largest.
 */
function epochOrder(packCount: number, epoch: number, seed: number, order: MixSpec["order"]): number[] {
  const key = `${packCount} ${epoch} ${seed} ${order}`;
  if (latest?.key !== key) {
    const packs = Array.from({ length: packCount }, (_, i) => i);
    const largestFirst = order === "longest_first" && epoch === 0;
    if (order !== "curriculum") randomOf(seed, `order ${epoch}`).shuffle(packs);
    latest = { key, order: largestFirst ? [0, ...packs.filter((pack) => pack !== 0)] : packs };
  }
  return latest.order;
}
