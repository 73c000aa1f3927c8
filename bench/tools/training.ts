/** A training of zebra-117m with new weights: what the step and memory suites run. */
import { readFile } from "node:fs/promises";
import { expectedTensors } from "../../src/checkpoint/checkpoint.ts";
import type { Device } from "../../src/engine/device.ts";
import type { PackShape } from "../../src/finetune/forecast/forecast.ts";
import type { TrainingForm } from "../../src/finetune/forecast/training-form.ts";
import { createOptimizer, optimizerStep } from "../../src/finetune/update/optimizer.ts";
import { optimizerSettings } from "../../src/finetune/update/settings.ts";
import { parseConfig, type ZebraConfig } from "../../src/model/config/config.ts";
import type { Training } from "../../src/model/layers/layer.ts";
import { compileNetwork } from "../../src/model/network.ts";
import { type ActivationCheckpointing, backpropagate } from "../../src/model/train/backward.ts";
import { initialWeights } from "../../src/model/train/init.ts";
import { initialAdapters } from "../../src/model/train/lora.ts";
import { trainedNames } from "../../src/model/trained-names.ts";
import { randomOf } from "../../src/random.ts";

export type Method = "full" | "lora";

const settings = optimizerSettings("adamw", { weight_decay: 0.1 });
const modules = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] as const;

export function trainingOf(method: Method): Training {
  return method === "full" ? { kind: method } : { kind: method, r: 16, alpha: 32, modules };
}

export async function zebra117m(): Promise<ZebraConfig> {
  const file = "recipes/zebra-117m.config.json";
  return parseConfig(JSON.parse(await readFile(file, "utf8")), file);
}

/** One document whose last quarter is supervised, as an answer after a long prompt. */
export function packOf(tokens: number): PackShape {
  return { segments: [tokens], supervisedTokens: tokens / 4 };
}

/** What a forecast of such a training is made from. */
export function formOf(
  config: ZebraConfig,
  training: Training,
  checkpointing: ActivationCheckpointing,
): TrainingForm {
  return { config, training, checkpointing, optimizer: settings };
}

/** A call that takes one optimizer step on a pack of T tokens. */
export async function trainer(
  device: Device,
  config: ZebraConfig,
  training: Training,
  T: number,
  checkpointing: ActivationCheckpointing,
): Promise<() => Promise<void>> {
  const weights = initialWeights(device, config, expectedTensors(config), 1);
  if (training.kind === "lora") initialAdapters(weights, config, training, 1);
  const network = await compileNetwork(device, config, weights, training);
  const optimizer = await createOptimizer(weights, trainedNames(config, training), settings);
  const random = randomOf(1, "bench");
  const { segments, supervisedTokens } = packOf(T);
  const ids = Int32Array.from({ length: T }, () => random.below(config.vocab_size));
  const targets = ids.map((id, t) => (t >= T - supervisedTokens ? id : -100));
  const batch = { ids, targets, weights: new Float32Array(T).fill(1 / supervisedTokens), segments };
  let step = 0;
  return async () => {
    await backpropagate(network, batch, optimizer.gradients, checkpointing);
    await optimizerStep(optimizer, { step: ++step, lr: 1e-4 });
  };
}
