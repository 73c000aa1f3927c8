import type { WeightDtype } from "../checkpoint/dtype.ts";
import { ConfigError } from "../errors.ts";
import { type Form, groupedAttention, readAttention } from "./config-attention.ts";
import { type Fields, fieldsOf, isObject, sizeRange } from "./config-fields.ts";
import { formatRope, readAuthorsRope, readRope } from "./config-rope.ts";

/** `full_attention` is a global layer, `sliding_attention` a local one; names are Hugging Face's. */
export type LayerType = "full_attention" | "sliding_attention";

export interface RopeScaling {
  rope_type: "default" | "linear" | "llama3";
  factor?: number;
  low_freq_factor?: number;
  high_freq_factor?: number;
  original_max_position_embeddings?: number;
}

/** A Zebra's shape. Keys are those of the `ministral` config.json. */
export interface ZebraConfig {
  vocab_size: number;
  hidden_size: number;
  intermediate_size: number;
  num_hidden_layers: number;
  num_attention_heads: number;
  num_key_value_heads: number;
  head_dim: number;
  rms_norm_eps: number;
  rope_theta: number;
  rope_scaling: RopeScaling | null;
  max_position_embeddings: number;
  tie_word_embeddings: boolean;
  layer_types: LayerType[];
  /** Query i sees keys j with i − w < j ≤ i. Null only when no layer is local. */
  sliding_window: number | null;
  bos_token_id: number | null;
  eos_token_id: number | number[] | null;
  pad_token_id: number | null;
}
