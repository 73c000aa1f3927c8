import type { MixSpec } from "../contracts/recipe.ts";
import { randomOf } from "../random.ts";

/**
 * Which packs make up an optimizer step (1-based). Every epoch visits each pack once, in an order of its own where
 * that is `shuffled`;
 * a function of seed and step only, so a resumed run needs no state to go on with the same packs.
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

let latest: { key: string; order: number[] } | undefined;

/** The mix wrote packs in its order: a curriculum is gone through as it is, the largest pack is the first. */
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
