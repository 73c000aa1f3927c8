import type { SourceLoss } from "../contracts/events.ts";
import type { FinetuneSpec, MixSpec } from "../contracts/recipe.ts";
import { GateError } from "../errors.ts";
import type { PackStore } from "../mixing/packs/pack-store.ts";
import type { Network } from "../model/network.ts";
import { tokenNll } from "../model/score.ts";
import { backpropagate } from "../model/train/backward.ts";
import { type Batch, batchOf, normalise } from "./batch.ts";
import { addBySource, lossBySource, type SourceSums } from "./metrics/loss-by-source.ts";
import { packsOfStep } from "./pack-order.ts";
import { learningRate } from "./schedule.ts";
import { afterFiniteStep, afterOverflow } from "./update/loss-scale.ts";
import { type Optimizer, optimizerStep } from "./update/optimizer.ts";

export interface StepResult {
  /** Mean over the step's supervised tokens, before the update. */
  lossNatsPerToken: number;
  lossBySource: Record<string, SourceLoss>;
  /** Before clipping. */
  gradNorm: number;
  lr: number;
  tokens: number;
  supervisedTokens: number;
}

/** The parts of `finetune` that a step reads; the optimizer has its own settings already. */
export type StepSpec = Pick<
  FinetuneSpec,
  "packs_per_step" | "activation_checkpointing" | "lr" | "lr_schedule" | "min_lr_ratio" | "warmup_steps"
>;

/** Where in the training a step is. */
export interface StepAt {
  /** Counts from 1. */
  step: number;
  totalSteps: number;
  seed: number;
  order?: MixSpec["order"];
}

interface Attempt {
  loss: number;
  bySource: SourceSums;
  gradNorm: number;
}

/**
 * One optimizer step: gradients of `packs_per_step` packs, then an update. Throws GateError when loss or
 * gradients are no number.
 */
export async function trainStep(
  network: Network,
  optimizer: Optimizer,
  packs: PackStore,
  spec: StepSpec,
  at: StepAt,
): Promise<StepResult> {
  const batches: Batch[] = [];
  for (const index of packsOfStep(at.step, packs.count, spec.packs_per_step, at.seed, at.order)) {
    batches.push(batchOf(await packs.read(index)));
  }
  normalise(batches);
  const lr = learningRate(spec, at.step, at.totalSteps);
  const attempt = async (): Promise<Attempt> => {
    const bySource: SourceSums = new Map();
    const policy = spec.activation_checkpointing;
    const loss = await gatherGradients(network, optimizer, batches, policy, bySource);
    if (!Number.isFinite(loss)) return { loss, bySource, gradNorm: Number.NaN };
    return { loss, bySource, gradNorm: await optimizerStep(optimizer, { step: at.step, lr }) };
  };
  let { loss, bySource, gradNorm } = await attempt();
  // Gradients that overflowed float16 are found again with half the scale: no step is left out.
  while (Number.isFinite(loss) && !Number.isFinite(gradNorm) && optimizer.lossScale) {
    const smaller = afterOverflow(optimizer.lossScale);
    if (!smaller) break;
    optimizer.lossScale = smaller;
    ({ loss, bySource, gradNorm } = await attempt());
  }
  expectFinite(at.step, { loss, gradNorm });
  if (optimizer.lossScale) optimizer.lossScale = afterFiniteStep(optimizer.lossScale);
  return {
    lossNatsPerToken: loss,
    lossBySource: lossBySource(bySource),
    gradNorm,
    lr,
    tokens: batches.reduce((sum, batch) => sum + batch.ids.length, 0),
    supervisedTokens: batches.reduce((sum, batch) => sum + batch.supervisedTokens, 0),
  };
}

/** Adds up the gradients of all packs, times the loss scale, and the loss by source; returns the loss. */
async function gatherGradients(
  network: Network,
  optimizer: Optimizer,
  batches: readonly Batch[],
  policy: FinetuneSpec["activation_checkpointing"],
  bySource: SourceSums,
): Promise<number> {
  const scale = optimizer.lossScale?.value ?? 1;
  let loss = 0;
  for (const batch of batches) {
    const packed = scaled(batch, scale);
    const made = await backpropagate(network, packed, optimizer.gradients, policy);
    loss += made.loss / scale;
    addBySource(bySource, batch, made.nll);
  }
  return loss;
}

/** The step's weights by token, times the loss scale. */
function scaled(batch: Batch, scale: number): Batch {
  return scale === 1 ? batch : { ...batch, weights: batch.weights.map((weight) => weight * scale) };
}

function expectFinite(step: number, { loss, gradNorm }: Pick<Attempt, "loss" | "gradNorm">): void {
  if (Number.isFinite(loss) && Number.isFinite(gradNorm)) return;
  const [what, got] = Number.isFinite(loss) ? ["gradients", gradNorm] : ["loss", loss];
  throw new GateError(
    `training step ${step}: expected a finite ${what}, got ${got}. ` +
      "Lower finetune.lr or raise finetune.warmup_steps; the last checkpoint is untouched.",
  );
}

/** Plain mean nll over every supervised token of the packs, in nats. `onPack` may throw to stop. */
export async function validationLoss(
  network: Network,
  packs: PackStore,
  onPack: (done: number) => void = () => {},
): Promise<{
  lossNatsPerToken: number;
  supervisedTokens: number;
  lossBySource: Record<string, SourceLoss>;
}> {
  const bySource: SourceSums = new Map();
  let sum = 0;
  let supervisedTokens = 0;
  for (let index = 0; index < packs.count; index++) {
    onPack(index);
    const batch = batchOf(await packs.read(index));
    const nll = await tokenNll(network, batch.ids, batch.targets, batch.segments);
    for (const one of nll) sum += one;
    addBySource(
      bySource,
      batch,
      nll.filter((_, t) => batch.targets[t]! >= 0),
    );
    supervisedTokens += batch.supervisedTokens;
  }
  return { lossNatsPerToken: sum / supervisedTokens, supervisedTokens, lossBySource: lossBySource(bySource) };
}
