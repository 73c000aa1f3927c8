import { type StageContext, Stopped } from "../contracts/events.ts";
import type { FinetuneSpec, MixSpec } from "../contracts/recipe.ts";
import { isValidationStep } from "../contracts/validation-steps.ts";
import type { PackStore } from "../mixing/packs/pack-store.ts";
import type { Network } from "../model/network.ts";
import { appendMetric, type TrainingMetric } from "./metrics/metrics.ts";
import { trainStep, validationLoss } from "./train-step.ts";
import { saveState } from "./trainer-state.ts";
import type { Optimizer } from "./update/optimizer.ts";

/** A training with everything open: what the steps of one run share. */
export interface TrainingRun {
  ctx: StageContext;
  finetune: FinetuneSpec;
  seed: number;
  trainDir: string;
  network: Network;
  optimizer: Optimizer;
  packs: PackStore;
  validation: PackStore;
  order: MixSpec["order"];
  /** Tokens that a context may have after long context adaptation; 0 where the training is none. */
  adaptedTo: number;
  totalSteps: number;
  /** Hash that checkpoints carry: only the same training goes on from them. */
  training: string;
}

/**
 * Validation losses in nats; undefined where there was nothing to measure or, for `first`, the run was
 * resumed.
 */
export interface Losses {
  first: number | undefined;
  last: number | undefined;
}

/**
 * Trains from after `step` to the last one, with validations and checkpoints in between. Throws Stopped after
 * a checkpoint when asked to stop.
 */
export async function trainOn(run: TrainingRun, step: number): Promise<Losses> {
  const { ctx, finetune, totalSteps } = run;
  const first = step === 0 ? await validate(run, step) : undefined;
  let last = first;
  // The first step compiles programs and takes longer than the others.
  tellStep(run, step);
  for (let done = step; done < totalSteps; ) {
    if (ctx.stop.stopped) {
      await save(run, done);
      throw new Stopped();
    }
    await takeStep(run, ++done);
    const isLast = done === totalSteps;
    if (isValidationStep(done, totalSteps, finetune.validate_every_steps)) last = await validate(run, done);
    if (isLast || done % finetune.checkpoint_every_steps === 0) await save(run, done);
  }
  return { first, last };
}

async function takeStep(run: TrainingRun, step: number): Promise<void> {
  const { network, optimizer, packs, finetune, totalSteps, seed, order } = run;
  const before = performance.now();
  const result = await trainStep(network, optimizer, packs, finetune, { step, totalSteps, seed, order });
  const tokensPerSecond = result.tokens / ((performance.now() - before) / 1000);
  const memoryBytes = process.memoryUsage().rss;
  await record(run, { type: "train.step", step, totalSteps, ...result, tokensPerSecond, memoryBytes });
  tellStep(run, step);
}

function tellStep({ ctx, totalSteps: total }: TrainingRun, done: number): void {
  ctx.emit({ type: "stage.progress", stage: "finetune", label: "training", done, total, unit: "steps" });
}

/** The loss on the validation packs after `step` steps; undefined where there are none. */
async function validate(run: TrainingRun, step: number): Promise<number | undefined> {
  const { ctx, network, validation } = run;
  if (validation.count === 0) return undefined;
  const result = await validationLoss(network, validation, (done) => {
    ctx.emit({
      type: "stage.progress",
      stage: "finetune",
      label: "validation",
      done,
      total: validation.count,
      unit: "packs",
    });
  });
  await record(run, { type: "train.validation", step, ...result });
  return result.lossNatsPerToken;
}

async function save(run: TrainingRun, step: number): Promise<void> {
  const { ctx, trainDir, optimizer, totalSteps, training, finetune } = run;
  const state = { step, totalSteps, training };
  const path = await saveState(trainDir, optimizer, state, finetune.keep_checkpoints);
  ctx.emit({ type: "train.checkpoint", step, path });
}

/** Adds a line to metrics.jsonl and emits it as an event. */
async function record({ ctx, trainDir }: TrainingRun, metric: TrainingMetric): Promise<void> {
  await appendMetric(trainDir, metric);
  ctx.emit(metric);
}
