import type { Device } from "../../src/engine/device.ts";
import { cpuDevice } from "../../src/engine/devices/cpu.ts";
import type { ZebraConfig } from "../../src/model/config/config.ts";
import type { LayerType } from "../../src/model/config/layers.ts";
import type { Training } from "../../src/model/layers/layer.ts";
import { compileNetwork, type Network } from "../../src/model/network.ts";
import { initialWeights } from "../../src/model/train/init.ts";
import { initialAdapters } from "../../src/model/train/lora.ts";
import { trainedNames } from "../../src/model/trained-names.ts";
import { embeddingName, finalNormName, type LayerWeight, layerWeightShape } from "../../src/model/weights.ts";
import { randomOf } from "../../src/random.ts";

/** A Zebra small enough for tests: two groups of two, a window of 5, grouped queries. */
export function tinyConfig(changes: Partial<ZebraConfig> = {}): ZebraConfig {
  const layers: LayerType[] = ["full_attention", "sliding_attention", "full_attention", "sliding_attention"];
  return {
    vocab_size: 61,
    hidden_size: 16,
    intermediate_size: 24,
    num_hidden_layers: 4,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    head_dim: 4,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    rope_scaling: null,
    max_position_embeddings: 256,
    tie_word_embeddings: true,
    layer_types: layers,
    sliding_window: 5,
    bos_token_id: 1,
    eos_token_id: 2,
    pad_token_id: null,
    ...changes,
  };
}

export async function tinyNetwork(
  config: ZebraConfig = tinyConfig(),
  training: Training = { kind: "full" },
  device: Device = cpuDevice({ threads: 1 }),
): Promise<Network> {
  const tensors = trainedNames(config, { kind: "full" }).map((name) => ({
    name,
    shape: shapeOf(config, name),
  }));
  const weights = initialWeights(device, config, tensors, 7);
  // Larger than a fresh model's, so that attention is far from uniform and mistakes show.
  for (const { name, shape } of tensors) {
    if (shape.length < 2) continue;
    const values = (await device.read(weights.get(name))) as Float32Array;
    for (let i = 0; i < values.length; i++) values[i]! *= 15;
    await device.write(weights.get(name), values);
  }
  if (training.kind === "lora") initialAdapters(weights, config, training, 7);
  return compileNetwork(device, config, weights, training);
}

function shapeOf(config: ZebraConfig, name: string): readonly number[] {
  if (name === embeddingName || name === "lm_head.weight") return [config.vocab_size, config.hidden_size];
  if (name === finalNormName) return [config.hidden_size];
  return layerWeightShape(config, name.split(".").at(-2) as LayerWeight);
}

export function randomIds(length: number, vocabulary: number, seed = 1): Int32Array {
  const random = randomOf(seed, "ids");
  return Int32Array.from({ length }, () => random.below(vocabulary));
}
