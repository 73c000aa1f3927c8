import { mkdir, readFile } from "node:fs/promises";
import type { Tuned } from "../checkpoint/carried/carry.ts";
import { type RunEvent, type StageContext, uncounted } from "../contracts/events.ts";
import type { FinetuneSpec, MixSpec, ModelSpec } from "../contracts/recipe.ts";
import { checkpointPath, mixPaths, runPaths, trainPaths } from "../contracts/run-folder.ts";
import { elementCount } from "../engine/graph/element-count.ts";
import type { MixManifest } from "../mixing/manifest.ts";
import { openPacks } from "../mixing/packs/pack-store.ts";
import type { Network } from "../model/network.ts";
import { trainedNames } from "../model/trained-names.ts";
import { sha256Of } from "../recipe/hash.ts";
import { hashedSpec } from "./hashed-spec.ts";
import { trimMetrics } from "./metrics/metrics.ts";
import { type Start, startNetwork } from "./open-network.ts";
import { totalSteps } from "./pack-order.ts";
import { saveFinal } from "./save-model.ts";
import { restoreState } from "./trainer-state.ts";
import { type Losses, type TrainingRun, trainOn } from "./training-loop.ts";
import { tunedFiles } from "./tuned-files.ts";
import { initialLossScale } from "./update/loss-scale.ts";
import { createOptimizer, type Optimizer } from "./update/optimizer.ts";
import { settingsOf } from "./update/settings.ts";

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

  // Seconds for a large model, before the first pack of the first validation is counted.
  ctx.emit({ type: "stage.progress", stage: "finetune", label: "loading the model", ...uncounted });
  const start = await startNetwork(model, finetune, seed);
  const { network } = start;
  const tuned = await tunedFiles(model, network.config);
  await using disposal = { [Symbol.asyncDispose]: () => network.device.dispose() };
  void disposal;
  ctx.emit({ type: "device", stage: "finetune", ...start.chosen });
  const optimizer = await openOptimizer(network, finetune);
  const run: TrainingRun = {
    ...{ ctx, finetune, seed, trainDir, network, optimizer, packs, validation },
    ...(await identify(spec, mix.manifest)),
    totalSteps: totalSteps(packs.count, finetune),
  };

  const step = await restoreState(trainDir, optimizer, run.training);
  if (step > 0) ctx.emit({ type: "train.resume", step, path: checkpointPath(trainDir, step) });
  await trimMetrics(trainDir, step);
  if (step === 0 && validation.count === 0) {
    warn(ctx, "no validation packs: the loss on held-out documents is not measured");
  }
  const losses = await trainOn(run, step);
  await finish(run, { ...start, tuned }, losses, started);
}

async function openOptimizer(network: Network, finetune: FinetuneSpec): Promise<Optimizer> {
  const names = trainedNames(network.config, network.training);
  const lossScale = finetune.compute_dtype === "float16" ? initialLossScale() : null;
  return createOptimizer(network.weights, names, settingsOf(finetune), lossScale);
}

/**
 * The order of the mix's packs and the length that they adapt a model to, and the hash of all that two
 * trainings must share to be the same training.
 */
async function identify(
  spec: FinetuneStageSpec,
  manifestPath: string,
): Promise<{ order: MixSpec["order"]; adaptedTo: number; training: string }> {
  const manifest = await readFile(manifestPath, "utf8");
  const { order, train } = JSON.parse(manifest) as Pick<MixManifest, "order" | "train">;
  // An instruct mix may have a few long answers; whole documents on end are what positions are learned from.
  const adaptedTo = spec.finetune.objective === "instruct" ? 0 : (train.longest_tokens ?? 0);
  // The same training may go on on another device.
  const { device: _, ...finetune } = hashedSpec(spec.finetune);
  return { order, adaptedTo, training: sha256Of({ ...spec, finetune, manifest }) };
}

/** Writes the trained model and says how the training ended. */
async function finish(
  run: TrainingRun,
  { tokenizerDir, baseModel, tuned }: Start & { tuned: Tuned },
  losses: Losses,
  started: number,
): Promise<void> {
  const { ctx, finetune, trainDir, network, optimizer } = run;
  const { adaptedTo } = run;
  const form = { tokenizerDir, baseModel, saveDtype: finetune.save_dtype, tuned, adaptedTo };
  const checkpoint = await saveFinal(network, trainDir, form);
  if (finetune.method === "lora" && baseModel === null) {
    warn(
      ctx,
      "train/adapter names no base model, as the model it was trained on is in no folder; " +
        "train/final has it merged in",
    );
  }
  const first = losses.first ?? (await firstValidation(trainDir));
  const sizes = optimizer.names.map((name) => elementCount(network.weights.get(name).shape));
  ctx.emit({
    type: "stage.end",
    stage: "finetune",
    durationMs: performance.now() - started,
    summary: {
      steps: run.totalSteps,
      parameters_trained: sizes.reduce((a, b) => a + b, 0),
      ...(first === undefined ? {} : { validation_loss_before: first }),
      ...(losses.last === undefined ? {} : { validation_loss_after: losses.last }),
      checkpoint,
    },
  });
}

function warn(ctx: StageContext, message: string): void {
  ctx.emit({ type: "warning", stage: "finetune", message });
}

/** The validation loss of step 0 of a run that was resumed. */
async function firstValidation(trainDir: string): Promise<number | undefined> {
  const lines = (await readFile(trainPaths(trainDir).metrics, "utf8")).trim().split("\n");
  const first = lines.map((line) => JSON.parse(line) as RunEvent).find((e) => e.type === "train.validation");
  return first?.type === "train.validation" ? first.lossNatsPerToken : undefined;
}
