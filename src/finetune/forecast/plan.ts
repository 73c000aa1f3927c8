import { existsSync } from "node:fs";
import type { Recipe } from "../../contracts/recipe.ts";
import { mixPaths, runPaths } from "../../contracts/run-folder.ts";
import { openChosen } from "../../engine/choice/choose-device.ts";
import { openPacks, type PackStore } from "../../mixing/packs/pack-store.ts";
import type { ZebraConfig } from "../../model/config/config.ts";
import { forwardCost } from "../../model/cost.ts";
import { batchOf } from "../batch.ts";
import { modelConfig, trainingOf } from "../open-network.ts";
import { totalSteps } from "../pack-order.ts";
import { settingsOf } from "../update/settings.ts";
import { calibrate, sum } from "./calibrate.ts";
import {
  type MemoryForecast,
  type PackShape,
  packSeconds,
  peakBytes,
  scoreSeconds,
  trainedParameters,
} from "./forecast.ts";
import type { TrainingForm } from "./training-form.ts";

/** What fine-tuning of a recipe will take on this machine. */
export interface FinetunePlan {
  config: ZebraConfig;
  trainedParameters: number;
  /** True: from the packs of the run. False: from full packs of one segment, a quarter of it supervised. */
  isMeasured: boolean;
  packs: { count: number; tokens: number; supervisedTokens: number };
  steps: number;
  worst: PackShape & { tokens: number; memory: MemoryForecast };
  /**
   * Products of all forward and backward passes; what activation checkpointing computes again is not counted.
   */
  flops: number;
  seconds: { step: number; training: number; validation: number; calibration: number };
  device: string;
}

/** How many packs are read to forecast the time of all. */
const sampledPacks = 128;

/**
 * Forecasts from the packs under `runDir`, or from what the recipe says where there are none yet, and from a
 * few seconds of calibration. Throws ConfigError, CheckpointError, UnusableDevice.
 */
export async function planFinetune(recipe: Recipe, runDir: string): Promise<FinetunePlan> {
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
    const { shapes, held, isMeasured, ...packs } = await lookAtPacks(recipe, runDir);
    const steps = totalSteps(packs.count, finetune);
    const packsPerStep = Math.min(finetune.packs_per_step, packs.count);
    const [worst, memory] = shapes
      .map((shape) => [shape, peakBytes(form, shape)] as const)
      .reduce((a, b) => (b[1].total > a[1].total ? b : a));
    const before = performance.now();
    const calibration = await calibrate(device, form, Math.round(packs.tokens / packs.count));
    const calibrated = (performance.now() - before) / 1000;

    const trained = trainedParameters(config, form.training);
    const pack = mean(shapes.map((shape) => packSeconds(calibration, config, shape)));
    const step = packsPerStep * pack + trained * calibration.parameter;
    const every = finetune.validate_every_steps;
    const validations = 2 + (every > 0 ? Math.floor((steps - 1) / every) : 0);
    const scored = mean(held.shapes.map((shape) => scoreSeconds(calibration, config, shape)));
    const passFlops = mean(shapes.map((shape) => trainingFlops(config, shape, finetune.method)));
    return {
      config,
      trainedParameters: trained,
      isMeasured,
      packs,
      steps,
      worst: { ...worst, tokens: sum(worst.segments), memory },
      flops: steps * packsPerStep * passFlops,
      seconds: {
        step,
        training: steps * step,
        validation: validations * held.count * scored,
        calibration: calibrated,
      },
      device: chosen.name,
    };
  } finally {
    await device.dispose();
  }
}

/** Packs of a training and shapes of some of them; of the validation packs, too. */
interface Packs {
  isMeasured: boolean;
  count: number;
  tokens: number;
  supervisedTokens: number;
  shapes: PackShape[];
  held: { count: number; shapes: PackShape[] };
}

/** The packs of the run; where there are none yet, as many full packs as the recipe asks for. */
async function lookAtPacks({ mix }: Recipe, runDir: string): Promise<Packs> {
  const made = mixPaths(runPaths(runDir).mix);
  if (!existsSync(made.manifest)) {
    const count = Math.max(1, Math.round(mix.budget_tokens / mix.max_seq_tokens));
    const shape = assumed(mix.max_seq_tokens);
    return {
      isMeasured: false,
      count,
      tokens: count * mix.max_seq_tokens,
      supervisedTokens: count * shape.supervisedTokens,
      shapes: [shape],
      held: { count: 0, shapes: [] },
    };
  }
  await using train = await openPacks(made.train);
  await using held = await openPacks(made.validation);
  const { count, tokens, supervisedTokens } = train;
  const shapes = await sample(train);
  return {
    ...{ isMeasured: true, count, tokens, supervisedTokens, shapes },
    held: { count: held.count, shapes: await sample(held) },
  };
}

/** The longest packs, where memory peaks, and others evenly over the store. */
async function sample(store: PackStore): Promise<PackShape[]> {
  const every = Math.max(1, Math.ceil(store.count / sampledPacks));
  const chosen = new Set<number>();
  for (let i = 0; i < store.count; i += every) chosen.add(i);
  const longest = store.lengths.indexOf(store.lengths.reduce((a, b) => Math.max(a, b), 0));
  if (longest >= 0) chosen.add(longest);
  const shapes: PackShape[] = [];
  for (const index of [...chosen].sort((a, b) => a - b)) {
    const { segments, supervisedTokens } = batchOf(await store.read(index));
    shapes.push({ segments, supervisedTokens });
  }
  return shapes;
}

function assumed(tokens: number): PackShape {
  return { segments: [tokens], supervisedTokens: Math.ceil(tokens / 4) };
}

/** A backward pass is two forward passes; with frozen weights the products with weights are one. */
function trainingFlops(config: ZebraConfig, pack: PackShape, method: "full" | "lora"): number {
  const { linear, scores, head } = forwardCost(config, pack.segments, pack.supervisedTokens);
  return (method === "full" ? 3 : 2) * (linear + head) + 3 * scores;
}

const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : sum(values) / values.length);
