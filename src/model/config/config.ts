import { ConfigError } from "../../errors.ts";
import { booleanOf, countOf, type Fields, has, isObject, numberOf, problem, rawOf, shown } from "./fields.ts";
import { formatRope, parseRope } from "./rope.ts";

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

/** How the weights beside a config are stored, as Hugging Face names it. */
export type TorchDtype = "float32" | "float16" | "bfloat16";

/** Keys whose other values change the network into one that is not computed here. */
const fixedKeys = {
  hidden_act: "silu",
  attention_bias: false,
  mlp_bias: false,
  attention_dropout: 0,
  quantization_config: null,
} as const;

/** More layers than any model has; bounds what is made from a config's numbers. */
const maxLayers = 10_000;

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

/** The `ministral` form of a config, with RoPE and dtype under their v4 and v5 keys. */
export function formatConfig(config: ZebraConfig, dtype: TorchDtype = "float32"): Record<string, unknown> {
  const { rope_theta, rope_scaling, sliding_window, ...rest } = config;
  return {
    architectures: ["MinistralForCausalLM"],
    model_type: "ministral",
    hidden_act: "silu",
    attention_bias: false,
    attention_dropout: 0,
    ...rest,
    // transformers makes the sliding mask even where no layer slides, and cannot without a window.
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
  return { ...config, ...withUsedWindow(grouped(config.num_hidden_layers, group), window) };
}

type Layers = Pick<ZebraConfig, "layer_types" | "sliding_window">;

type Form = "ministral" | "mistral" | "llama" | "authors";

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

function parseLayers(fields: Fields, form: Form): Layers {
  const value = rawOf(fields, "num_hidden_layers");
  const count = Number.isInteger(value) && (value as number) > 0 ? Math.min(value as number, maxLayers) : 0;
  if (form === "authors") return authorsLayers(fields, count);
  const given = layerTypes(fields, count);
  if (form === "llama") {
    // transformers' llama has no windows: whoever wrote these keys meant another model type.
    const window = rawOf(fields, "sliding_window");
    if (given?.includes("sliding_attention")) {
      problem(fields, "layer_types", 'full attention only in a "llama"', "sliding_attention", meantMinistral);
    }
    if (window !== null) problem(fields, "sliding_window", 'nothing in a "llama"', window, meantMinistral);
    return { layer_types: Array<LayerType>(count).fill("full_attention"), sliding_window: null };
  }
  const none = has(fields, "sliding_window") && rawOf(fields, "sliding_window") === null;
  const window = none ? null : countOf(fields, "sliding_window", 4096);
  const types = given ?? Array<LayerType>(count).fill(none ? "full_attention" : "sliding_attention");
  if (none && types.includes("sliding_attention")) {
    problem(fields, "sliding_window", "a whole number from 1, as some layers are local", null);
  }
  return withUsedWindow(types, window);
}

/** A window that no layer uses reads as null, so that equal networks have equal configs. */
function withUsedWindow(types: LayerType[], window: number | null): Layers {
  return { layer_types: types, sliding_window: types.includes("sliding_attention") ? window : null };
}

const meantMinistral = 'Set model_type to "ministral" where the layers are local.';

function layerTypes(fields: Fields, count: number): LayerType[] | undefined {
  const value = rawOf(fields, "layer_types");
  if (value === null) return undefined;
  if (!Array.isArray(value)) {
    problem(fields, "layer_types", "a list of layer types", value);
    return undefined;
  }
  const unknown = value.find((type) => type !== "full_attention" && type !== "sliding_attention");
  if (unknown !== undefined) {
    problem(fields, "layer_types", '"full_attention" and "sliding_attention" only', unknown);
  }
  if (value.length !== count && count > 0) {
    problem(fields, "layer_types", `${count} entries (num_hidden_layers)`, value.length);
  }
  return value as LayerType[];
}

/** Their `window_size` does not count the query itself, `sliding_window` does. */
function authorsLayers(fields: Fields, count: number): Layers {
  const type = rawOf(fields, "self_attn_type");
  if (type === "full") {
    return { layer_types: Array<LayerType>(count).fill("full_attention"), sliding_window: null };
  }
  if (type !== "mix" && type !== "sparse") {
    problem(fields, "self_attn_type", '"mix", "full" or "sparse"', type);
    return { layer_types: [], sliding_window: null };
  }
  const window = countOf(fields, "window_size") + 1;
  const types =
    type === "mix"
      ? grouped(count, countOf(fields, "layer_group_size"))
      : Array<LayerType>(count).fill("sliding_attention");
  return withUsedWindow(types, window);
}

function grouped(count: number, group: number): LayerType[] {
  return Array.from({ length: count }, (_, i) => (i % group === 0 ? "full_attention" : "sliding_attention"));
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
