import { expectedTensors } from "../../src/checkpoint/checkpoint.ts";
import type { NamedTensor } from "../../src/checkpoint/shards.ts";
import { elementCount } from "../../src/engine/graph/element-count.ts";
import type { ZebraConfig } from "../../src/model/config/config.ts";

/** A Zebra of a few kilobytes: one global layer and one local, grouped queries. */
export function tinyConfig(changes: Partial<ZebraConfig> = {}): ZebraConfig {
  return {
    vocab_size: 13,
    hidden_size: 8,
    intermediate_size: 6,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    head_dim: 4,
    rms_norm_eps: 1e-5,
    rope_theta: 10_000,
    rope_scaling: null,
    max_position_embeddings: 64,
    tie_word_embeddings: false,
    layer_types: ["full_attention", "sliding_attention"],
    sliding_window: 3,
    bos_token_id: 1,
    eos_token_id: 2,
    pad_token_id: null,
    ...changes,
  };
}

/** Every tensor of a config; each value differs from its neighbours and is exact in all weight dtypes. */
export function tinyTensors(config: ZebraConfig): NamedTensor[] {
  return expectedTensors(config).map(({ name, shape }, t) => {
    const length = elementCount(shape);
    return { name, shape, data: Float32Array.from({ length }, (_, i) => ((i + t) % 251) / 128 - 1) };
  });
}
