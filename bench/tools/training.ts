/** A training of zebra-117m with new weights: what the step and memory suites run. */
import { readFile } from "node:fs/promises";
import { expectedTensors } from "../../src/checkpoint/checkpoint.ts";
import { unsupervised } from "../../src/contracts/pack.ts";
import type { Device } from "../../src/engine/device.ts";
import type { PackShape } from "../../src/finetune/forecast/forecast.ts";
import type { TrainingForm } from "../../src/finetune/forecast/training-form.ts";
import { createOptimizer, optimizerStep } from "../../src/finetune/update/optimizer.ts";
import { optimizerSettings } from "../../src/finetune/update/settings.ts";
import { parseConfig, toZebra, type ZebraConfig } from "../../src/model/config/config.ts";
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
  return shapeOf("zebra-117m");
}

/** SmolLM2-135M's shape: a tied head over a vocabulary that is large for the model. */
const smol135m = {
  model_type: "llama",
  ...{ hidden_size: 576, intermediate_size: 1536, num_hidden_layers: 30, vocab_size: 49152 },
  ...{ num_attention_heads: 9, num_key_value_heads: 3, max_position_embeddings: 8192 },
  ...{ rms_norm_eps: 1e-5, rope_theta: 100_000, tie_word_embeddings: true },
};

/** The shapes that training is measured on. */
export type ShapeName = "nano" | "zebra-117m" | "smol-135m" | "smol-135m-zebra";

export async function shapeOf(name: ShapeName): Promise<ZebraConfig> {
  if (name === "smol-135m") return parseConfig(smol135m, name);
  if (name === "smol-135m-zebra") {
    return toZebra(parseConfig(smol135m, name), { group: 3, window: 512 });
  }
  const file = name === "nano" ? "checkpoints/zebra-nano-lcat/config.json" : "recipes/zebra-117m.config.json";
  return parseConfig(JSON.parse(await readFile(file, "utf8")), file);
}

/** A training whose memory is measured, each in its own process. */
export interface MemoryCase {
  shape: ShapeName;
  method: Method;
  /** The segments of each pack; every step takes one, in turn. */
  packs: readonly (readonly number[])[];
  checkpointing: ActivationCheckpointing;
  steps: number;
}

/** One document whose last quarter is supervised, as an answer after a long prompt. */
export function packOf(tokens: number): PackShape {
  return packOfSegments([tokens]);
}

export function packOfSegments(segments: readonly number[]): PackShape {
  const tokens = segments.reduce((a, b) => a + b, 0);
  return { segments, supervisedTokens: Math.floor(tokens / 4) };
}

/** What a forecast of such a training is made from. */
export function formOf(
  config: ZebraConfig,
  training: Training,
  checkpointing: ActivationCheckpointing,
): TrainingForm {
  return { config, training, checkpointing, optimizer: settings };
}

/** A call that takes one optimizer step on one of the packs, in turn. */
export async function trainer(
  device: Device,
  config: ZebraConfig,
  training: Training,
  packs: readonly (readonly number[])[],
  checkpointing: ActivationCheckpointing,
): Promise<() => Promise<void>> {
  const weights = initialWeights(device, config, expectedTensors(config), 1);
  if (training.kind === "lora") initialAdapters(weights, config, training, 1);
  const network = await compileNetwork(device, config, weights, training);
  const optimizer = await createOptimizer(weights, trainedNames(config, training), settings);
  const random = randomOf(1, "bench");
  let step = 0;
  return async () => {
    const { segments, supervisedTokens } = packOfSegments(packs[step % packs.length]!);
    const T = segments.reduce((a, b) => a + b, 0);
    const ids = Int32Array.from({ length: T }, () => random.below(config.vocab_size));
    const targets = ids.map((id, t) => (t >= T - supervisedTokens ? id : unsupervised));
    const batch = { ids, targets, weights: new Float32Array(T).fill(1 / supervisedTokens), segments };
    await backpropagate(network, batch, optimizer.gradients, checkpointing);
    await optimizerStep(optimizer, { step: ++step, lr: 1e-4 });
  };
}
