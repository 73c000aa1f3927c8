import { ConfigError } from "../../errors.ts";
import {
  booleanOf,
  countOf,
  type Fields,
  type Form,
  has,
  isObject,
  numberOf,
  problem,
  rawOf,
  shown,
} from "./fields.ts";
import { groupedLayers, type Layers, maxLayers, parseLayers } from "./layers.ts";
import { formatRope, parseRope, type Rope } from "./rope.ts";

/** A Zebra's sizes. Keys are those of the `ministral` config.json. */
export interface ZebraConfig extends Layers, Rope {
  vocab_size: number;
  hidden_size: number;
  intermediate_size: number;
  num_hidden_layers: number;
  num_attention_heads: number;
  num_key_value_heads: number;
  head_dim: number;
  rms_norm_eps: number;
  max_position_embeddings: number;
  tie_word_embeddings: boolean;
  bos_token_id: number | null;
  eos_token_id: number | number[] | null;
  pad_token_id: number | null;
}

/** How the weights beside a config are stored, as Hugging Face names it. */
export type TorchDtype = "float32" | "float16" | "bfloat16";

/** Keys that must have these values: others make a network that is not computed here. */
const fixedKeys = {
  hidden_act: "silu",
  attention_bias: false,
  mlp_bias: false,
  attention_dropout: 0,
  quantization_config: null,
} as const;

/**
 * Parses a `config.json` in any of the forms read: `ministral`, `mistral`, `llama`, and the Zebra authors'
 * (`llama` with `self_attn_type`). Absent keys take transformers' defaults of that model type, except the
 * sizes of the network, which must be there. Throws ConfigError with every problem.
 */
export function parseConfig(json: unknown, where: string): ZebraConfig {
  if (!isObject(json)) throw new ConfigError(where, [`expected a JSON object, got ${shown(json)}`]);
  const fields: Fields = { json, prefix: "", problems: [] };
  const form = formOf(fields);
  refuseOthers(fields);

  const heads = countOf(fields, "num_attention_heads");
  const hidden = countOf(fields, "hidden_size");
  const isLlama = form === "llama" || form === "authors";
  const positions = countOf(fields, "max_position_embeddings", isLlama ? 2048 : 131_072);
  const vocabulary = countOf(fields, "vocab_size");
  const config: ZebraConfig = {
    vocab_size: vocabulary,
    hidden_size: hidden,
    intermediate_size: countOf(fields, "intermediate_size"),
    num_hidden_layers: countOf(fields, "num_hidden_layers", undefined, maxLayers),
    num_attention_heads: heads,
    num_key_value_heads: keyValueHeads(fields, form, heads),
    head_dim: headDim(fields, hidden, heads),
    rms_norm_eps: numberOf(fields, "rms_norm_eps", "a number above 0", (value) => value > 0, 1e-6),
    ...parseRope(fields, positions),
    max_position_embeddings: positions,
    tie_word_embeddings: booleanOf(fields, "tie_word_embeddings", false),
    ...parseLayers(fields, form),
    bos_token_id: tokenId(fields, "bos_token_id", vocabulary, 1),
    eos_token_id: tokenIds(fields, "eos_token_id", vocabulary, 2),
    pad_token_id: tokenId(fields, "pad_token_id", vocabulary, null),
  };
  // The authors' code ignores rope_theta unless positions are scaled.
  if (form === "authors" && rawOf(fields, "rope_scaling") === null) config.rope_theta = 10_000;
  if (fields.problems.length > 0) throw new ConfigError(where, fields.problems);
  return config;
}

/** The `ministral` form of a config, with RoPE and dtype under the keys of transformers 4 and 5. */
export function formatConfig(config: ZebraConfig, dtype: TorchDtype = "float32"): Record<string, unknown> {
  const { rope_theta, rope_scaling, sliding_window, ...rest } = config;
  return {
    architectures: ["MinistralForCausalLM"],
    model_type: "ministral",
    hidden_act: "silu",
    attention_bias: false,
    attention_dropout: 0,
    ...rest,
    // transformers makes the sliding mask even where no layer is local, and cannot without a window.
    sliding_window: sliding_window ?? config.max_position_embeddings,
    ...formatRope({ rope_theta, rope_scaling }),
    dtype,
    torch_dtype: dtype,
  };
}

/**
 * The same network with grouped attention: layer i is global when i % group is 0, else it sees `window` keys.
 * Source: arXiv 2312.08618. Throws ConfigError for a group or window that is no whole number from 1.
 */
export function toZebra(config: ZebraConfig, layout: { group: number; window: number }): ZebraConfig {
  const fields: Fields = { json: { ...layout }, prefix: "", problems: [] };
  const group = countOf(fields, "group");
  const window = countOf(fields, "window");
  if (fields.problems.length > 0) throw new ConfigError("model", fields.problems);
  return { ...config, ...groupedLayers(config.num_hidden_layers, group, window) };
}

function formOf(fields: Fields): Form {
  const type = rawOf(fields, "model_type");
  if (type === "llama") return has(fields, "self_attn_type") ? "authors" : "llama";
  if (type === "ministral" || type === "mistral") return type;
  problem(fields, "model_type", '"ministral", "mistral" or "llama"', type, "Other models are not supported.");
  return "ministral";
}

function refuseOthers(fields: Fields): void {
  for (const [key, only] of Object.entries(fixedKeys)) {
    const value = rawOf(fields, key) ?? only;
    if (value !== only) problem(fields, key, `${shown(only)} or nothing`, value, "Others are not supported.");
  }
}

function keyValueHeads(fields: Fields, form: Form, heads: number): number {
  const grouped = (form === "ministral" || form === "mistral") && !has(fields, "num_key_value_heads");
  const count = countOf(fields, "num_key_value_heads", grouped ? 8 : heads);
  if (heads % count !== 0 && !Number.isNaN(heads % count)) {
    problem(fields, "num_key_value_heads", `a divisor of num_attention_heads (${heads})`, count);
  }
  return count;
}

function headDim(fields: Fields, hidden: number, heads: number): number {
  if (rawOf(fields, "head_dim") === null && hidden % heads !== 0) {
    if (!Number.isNaN(hidden % heads)) {
      problem(fields, "hidden_size", `a multiple of num_attention_heads (${heads}), or head_dim`, hidden);
    }
    return Number.NaN;
  }
  const size = countOf(fields, "head_dim", hidden / heads);
  if (size % 2 === 1) problem(fields, "head_dim", "an even number (rotary positions turn pairs)", size);
  return size;
}

/** An id of the vocabulary, or null. Old Llama configs write −1 for "none". */
function tokenId(fields: Fields, key: string, vocabulary: number, fallback: number | null): number | null {
  const value = has(fields, key) ? rawOf(fields, key) : fallback;
  if (value === null || value === -1) return null;
  if (isTokenId(value, vocabulary)) return value;
  problem(fields, key, `a token id below vocab_size (${vocabulary}) or null`, value);
  return null;
}

function tokenIds(
  fields: Fields,
  key: string,
  vocabulary: number,
  fallback: number,
): number | number[] | null {
  const value = rawOf(fields, key);
  if (!Array.isArray(value)) return tokenId(fields, key, vocabulary, fallback);
  if (value.length > 0 && value.every((id) => isTokenId(id, vocabulary))) return value;
  problem(fields, key, `token ids below vocab_size (${vocabulary})`, value);
  return null;
}

function isTokenId(value: unknown, vocabulary: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && !(value >= vocabulary);
}
