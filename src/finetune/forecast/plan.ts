import type { Recipe } from "../../contracts/recipe.ts";
import { openChosen } from "../../engine/choice/choose-device.ts";
import type { ZebraConfig } from "../../model/config/config.ts";
import { forwardCost, parameterCount } from "../../model/cost.ts";
import { modelConfig, trainingOf } from "../open-network.ts";
import { totalSteps } from "../pack-order.ts";
import { bytesPerParameter } from "../update/rule.ts";
import { settingsOf } from "../update/settings.ts";
import { calibrate, sum } from "./calibrate.ts";
import { type PackShape, packSeconds, scoreSeconds, trainedParameters } from "./forecast.ts";
import { type MemoryForecast, peakBytes } from "./memory.ts";
import { assumedPacks, type ForecastPacks, measuredPacks } from "./packs.ts";
import type { TrainingForm } from "./training-form.ts";

/** What fine-tuning of a recipe will take on this machine. Null: not known until the data is there. */
export interface FinetunePlan {
  config: ZebraConfig;
  trainedParameters: number;
  packs: Omit<ForecastPacks, "shapes" | "held">;
  steps: number | null;
  validations: number | null;
  worst: PackShape & { tokens: number };
  memory: MemoryForecast;
  /**
   * Products of all forward and backward passes; what activation checkpointing computes again is not counted.
   */
  flops: number | null;
  seconds: { step: number; training: number | null; validation: number | null; calibration: number };
  /** Bytes under `train/` at the end, and the most while it trains. */
  disk: { end: number; most: number };
  device: string;
}

/** Shapes that memory is counted for: what packs of other lengths add is small by then. */
const countedPacks = 24;

/**
 * Forecasts from the mix in `mixDir`, or from what the recipe says where that is null, and from a few seconds
 * of calibration. Throws ConfigError, CheckpointError, UnusableDevice.
 */
export async function planFinetune(recipe: Recipe, mixDir: string | null): Promise<FinetunePlan> {
  const { finetune } = recipe;
  const config = await modelConfig(recipe.model);
  const form: TrainingForm = {
    config,
    training: trainingOf(finetune),
    checkpointing: finetune.activation_checkpointing,
    optimizer: settingsOf(finetune),
  };
  const { device, chosen } = await openChosen(finetune.device);
  try {
    const { shapes, held, ...packs } = mixDir === null ? assumedPacks(recipe) : await measuredPacks(mixDir);
    const { count } = packs;
    const byLength = shapes.toSorted((a, b) => sum(b.segments) - sum(a.segments));
    const worst = byLength[0]!;
    const memory = await peakBytes(form, someOf(byLength), someOf(held.shapes));
    const before = performance.now();
    const calibration = await calibrate(device, form, Math.round(mean(shapes.map((s) => sum(s.segments)))));
    const calibrated = (performance.now() - before) / 1000;

    const steps = count === null && finetune.max_steps === 0 ? null : totalSteps(count ?? 1, finetune);
    const packsPerStep = Math.min(finetune.packs_per_step, count ?? Infinity);
    const trained = trainedParameters(config, form.training);
    const pack = mean(shapes.map((shape) => packSeconds(calibration, config, shape)));
    const step = packsPerStep * pack + trained * calibration.parameter;
    const every = finetune.validate_every_steps;
    const validations = steps && 2 + (every > 0 ? Math.floor((steps - 1) / every) : 0);
    const scored = mean(held.shapes.map((shape) => scoreSeconds(calibration, config, shape)));
    const passFlops = mean(shapes.map((shape) => trainingFlops(config, shape, finetune.method)));
    return {
      ...{ config, trainedParameters: trained, packs, steps, validations, memory },
      worst: { ...worst, tokens: sum(worst.segments) },
      flops: steps && steps * packsPerStep * passFlops,
      seconds: {
        step,
        training: steps && steps * step,
        validation: held.count === null || validations === null ? null : validations * held.count * scored,
        calibration: calibrated,
      },
      disk: diskBytes(recipe, config, trained, steps),
      device: chosen.name,
    };
  } finally {
    await device.dispose();
  }
}

/** The first, and others evenly from the rest. */
function someOf(shapes: readonly PackShape[]): PackShape[] {
  const every = Math.max(1, Math.ceil(shapes.length / countedPacks));
  return shapes.filter((_, i) => i % every === 0);
}

/**
 * A checkpoint to resume from has what is trained and the optimizer's state in float32. One more than are
 * kept is there while it is written.
 */
function diskBytes(
  { finetune }: Recipe,
  config: ZebraConfig,
  trained: number,
  steps: number | null,
): FinetunePlan["disk"] {
  const { rule } = settingsOf(finetune);
  // Of a parameter the checkpoint has the value in place of the gradient that is held in memory.
  const checkpoint = bytesPerParameter(rule) * trained;
  const every = finetune.checkpoint_every_steps;
  const written = steps === null ? Infinity : Math.ceil(steps / Math.max(1, every));
  const kept = Math.min(written, finetune.keep_checkpoints);
  const bytesOf = finetune.save_dtype === "float32" ? 4 : 2;
  const final = bytesOf * parameterCount(config).total + (finetune.method === "lora" ? 4 * trained : 0);
  const more = written > kept ? checkpoint : 0;
  return { end: kept * checkpoint + final, most: kept * checkpoint + Math.max(more, final) };
}

/** A backward pass is two forward passes; with frozen weights the products with weights are one. */
function trainingFlops(config: ZebraConfig, pack: PackShape, method: "full" | "lora"): number {
  const { linear, scores, head } = forwardCost(config, pack.segments, pack.supervisedTokens);
  return (method === "full" ? 3 : 2) * (linear + head) + 3 * scores;
}

const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : sum(values) / values.length);
