import { mkdir, readFile } from "node:fs/promises";
import { type RunEvent, type StageContext, Stopped } from "../contracts/events.ts";
import type { FinetuneSpec, ModelSpec } from "../contracts/recipe.ts";
import { mixPaths, runPaths, trainPaths } from "../contracts/run-folder.ts";
import { elementCount } from "../engine/element-count.ts";
import type { MixManifest } from "../mixing/manifest.ts";
import { openPacks } from "../mixing/packs/pack-store.ts";
import { trainedNames } from "../model/train/trained-names.ts";
import { sha256Of } from "../recipe/hash.ts";
import { appendMetric, trimMetrics } from "./metrics.ts";
import { startNetwork } from "./open-network.ts";
import { initialLossScale } from "./optimizers/loss-scale.ts";
import { createOptimizer } from "./optimizers/optimizer.ts";
import { stepsPerEpoch } from "./pack-order.ts";
import { saveFinal } from "./save-model.ts";
import { trainStep, validationLoss } from "./train-step.ts";
import { restoreState, saveState } from "./trainer-state.ts";

export interface FinetuneStageSpec {
  finetune: FinetuneSpec;
  model: ModelSpec;
  seed: number;
}

/**
 * Trains on `<runDir>/mix/train`, validates on `<runDir>/mix/validation`, writes `<runDir>/train/`:
 * `checkpoint-N/` to resume from, `metrics.jsonl`, `final/`. Goes on from the newest checkpoint of the same
 * training by itself. Throws Stopped after a checkpoint when asked to stop.
 */
export async function runFinetuneStage(ctx: StageContext, spec: FinetuneStageSpec): Promise<void> {
  const { finetune, model, seed } = spec;
  const started = performance.now();
  const mix = mixPaths(runPaths(ctx.runDir).mix);
  const trainDir = runPaths(ctx.runDir).train;
  await mkdir(trainDir, { recursive: true });
  await using packs = await openPacks(mix.train);
  await using validation = await openPacks(mix.validation);
  const perEpoch = stepsPerEpoch(packs.count, finetune.packs_per_step);
  const totalSteps = finetune.max_steps > 0 ? finetune.max_steps : Math.ceil(perEpoch * finetune.epochs);

  const { network, tokenizerDir, baseModel, chosen } = await startNetwork(model, finetune, seed);
  await using disposal = { [Symbol.asyncDispose]: () => network.device.dispose() };
  void disposal;
  ctx.emit({ type: "device", stage: "finetune", ...chosen });
  const optimizer = await createOptimizer(
    network.weights,
    trainedNames(network.config, network.training),
    finetune.compute_dtype === "float16" ? initialLossScale() : null,
  );
  // The same training may go on somewhere else.
  const { device: _, ...recipe } = finetune;
  const manifest = await readFile(mix.manifest, "utf8");
  const { order } = JSON.parse(manifest) as Pick<MixManifest, "order">;
  const training = sha256Of({
    ...spec,
    finetune: recipe,
    manifest,
  });
  let step = await restoreState(trainDir, optimizer, training);
  await trimMetrics(trainDir, step);

  const record = async (
    metric: Extract<RunEvent, { type: "train.step" | "train.validation" }>,
  ): Promise<void> => {
    await appendMetric(trainDir, metric);
    ctx.emit(metric);
  };
  const save = async (): Promise<void> => {
    const path = await saveState(
      trainDir,
      optimizer,
      { step, totalSteps, training },
      finetune.keep_checkpoints,
    );
    ctx.emit({ type: "train.checkpoint", step, path });
  };
  const validate = async (): Promise<number | undefined> => {
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
    await record({ type: "train.validation", step, ...result });
    return result.lossNatsPerToken;
  };

  if (step === 0 && validation.count === 0) {
    ctx.emit({
      type: "warning",
      stage: "finetune",
      message: "no validation packs: the loss on held-out documents is not measured",
    });
  }
  let firstLoss = step === 0 ? await validate() : undefined;
  let lastLoss = firstLoss;
  while (step < totalSteps) {
    if (ctx.stop.stopped) {
      await save();
      throw new Stopped();
    }
    const before = performance.now();
    const result = await trainStep(network, optimizer, packs, finetune, {
      step: step + 1,
      totalSteps,
      seed,
      order,
    });
    step++;
    const tokensPerSecond = result.tokens / ((performance.now() - before) / 1000);
    await record({
      type: "train.step",
      step,
      totalSteps,
      ...result,
      tokensPerSecond,
      memoryBytes: process.memoryUsage().rss,
    });
    ctx.emit({
      type: "stage.progress",
      stage: "finetune",
      label: "training",
      done: step,
      total: totalSteps,
      unit: "steps",
    });
    const isLast = step === totalSteps;
    if (isLast || step % finetune.validate_every_steps === 0) lastLoss = await validate();
    if (isLast || step % finetune.checkpoint_every_steps === 0) await save();
  }
  const final = await saveFinal(network, trainDir, {
    tokenizerDir,
    baseModel,
    saveDtype: finetune.save_dtype,
  });
  if (finetune.method === "lora" && baseModel === null) {
    const message =
      "train/adapter names no base model, as the model it was trained on is in no folder; train/final has it merged in";
    ctx.emit({ type: "warning", stage: "finetune", message });
  }
  firstLoss ??= await firstValidation(trainDir);
  ctx.emit({
    type: "stage.end",
    stage: "finetune",
    durationMs: performance.now() - started,
    summary: {
      steps: totalSteps,
      parameters_trained: optimizer.names.reduce(
        (n, name) => n + elementCount(network.weights.get(name).shape),
        0,
      ),
      ...(firstLoss === undefined ? {} : { validation_loss_before: firstLoss }),
      ...(lastLoss === undefined ? {} : { validation_loss_after: lastLoss }),
      checkpoint: final,
    },
  });
}

/** The validation loss of step 0 of a run that was resumed. */
async function firstValidation(trainDir: string): Promise<number | undefined> {
  const lines = (await readFile(trainPaths(trainDir).metrics, "utf8")).trim().split("\n");
  const first = lines.map((line) => JSON.parse(line) as RunEvent).find((e) => e.type === "train.validation");
  return first?.type === "train.validation" ? first.lossNatsPerToken : undefined;
}
