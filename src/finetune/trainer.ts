import { GateError } from "../errors.ts";
import type { PackStore } from "../mixing/store.ts";
import { backpropagate } from "../model/backward.ts";
import type { Network } from "../model/network.ts";
import { tokenNll } from "../model/score.ts";
import type { FinetuneSpec } from "../recipe/recipe.ts";
import { type Batch, batchOf, normalise } from "./batch.ts";
import { type Optimizer, optimizerStep } from "./optimizer.ts";
import { packsOfStep } from "./order.ts";
import { learningRate } from "./schedule.ts";

export interface StepResult {
  /** Mean over the step's supervised tokens, before the update. */
  lossNatsPerToken: number;
  gradNorm: number;
  lr: number;
  tokens: number;
  supervisedTokens: number;
}

/** One optimizer step: gradients of `packs_per_step` packs, then AdamW. Throws GateError when the loss is no number. */
export async function trainStep(
  network: Network,
  optimizer: Optimizer,
  packs: PackStore,
  spec: FinetuneSpec,
  { step, totalSteps, seed }: { step: number; totalSteps: number; seed: number },
): Promise<StepResult> {
  const batches: Batch[] = [];
  for (const index of packsOfStep(step, packs.count, spec.packs_per_step, seed)) {
    batches.push(batchOf(await packs.read(index)));
  }
  normalise(batches);
  let loss = 0;
  for (const batch of batches) {
    const policy = spec.activation_checkpointing;
    loss += (await backpropagate(network, batch, optimizer.gradients, policy)).loss;
  }
  const lr = learningRate(spec, step, totalSteps);
  if (!Number.isFinite(loss)) {
    throw new GateError(
      `training step ${step}: expected a finite loss, got ${loss}. ` +
        "Lower finetune.lr or raise finetune.warmup_steps; the last checkpoint is untouched.",
    );
  }
  const gradNorm = await optimizerStep(optimizer, spec, { step, lr });
  return {
    lossNatsPerToken: loss,
    gradNorm,
    lr,
    tokens: batches.reduce((sum, batch) => sum + batch.ids.length, 0),
    supervisedTokens: batches.reduce((sum, batch) => sum + batch.supervisedTokens, 0),
  };
}

/** Plain mean nll over every supervised token of the packs, in nats. `onPack` may throw to stop. */
export async function validationLoss(
  network: Network,
  packs: PackStore,
  onPack: (done: number) => void = () => {},
): Promise<{ lossNatsPerToken: number; supervisedTokens: number }> {
  let sum = 0;
  let supervisedTokens = 0;
  for (let index = 0; index < packs.count; index++) {
    onPack(index);
    const batch = batchOf(await packs.read(index));
    for (const nll of await tokenNll(network, batch.ids, batch.targets, batch.segments)) sum += nll;
    supervisedTokens += batch.supervisedTokens;
  }
  return { lossNatsPerToken: sum / supervisedTokens, supervisedTokens };
}
