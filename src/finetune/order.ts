import { randomOf } from "../random.ts";

/**
 * Which packs make up an optimizer step (1-based). Every epoch visits each pack once in an order of its own;
 * a function of seed and step only, so a resumed run needs no state to go on with the same packs.
 */
export function packsOfStep(step: number, packCount: number, packsPerStep: number, seed: number): number[] {
  const perEpoch = stepsPerEpoch(packCount, packsPerStep);
  const epoch = Math.floor((step - 1) / perEpoch);
  const first = ((step - 1) % perEpoch) * packsPerStep;
  return epochOrder(packCount, epoch, seed).slice(first, first + packsPerStep);
}

/** The last step of an epoch may have fewer packs. */
export function stepsPerEpoch(packCount: number, packsPerStep: number): number {
  return Math.ceil(packCount / packsPerStep);
}

let latest: { key: string; order: number[] } | undefined;

function epochOrder(packCount: number, epoch: number, seed: number): number[] {
  const key = `${packCount} ${epoch} ${seed}`;
  if (latest?.key !== key) {
    const order = Array.from({ length: packCount }, (_, i) => i);
    latest = { key, order: randomOf(seed, `order ${epoch}`).shuffle(order) };
  }
  return latest.order;
}
