import { elementCount } from "../engine/graph/element-count.ts";
import type { ZebraConfig } from "./config/config.ts";
import { windowOf } from "./config/layers.ts";
import { type LayerWeight, layerWeightShape, layerWeights } from "./weights.ts";

/** The cost of a forward pass, in floating-point operations of matrix products (2 · m · k · n each). */
export interface ForwardCost {
  /**
   * Projections and feed-forward parts, of all tokens, but in the last layer of those that reach the head.
   */
  linear: number;
  /** Scores and the sums over values, of the keys that may be seen. */
  scores: number;
  /** The products with the vocabulary, of the rows that reach the head. */
  head: number;
}

/** How many parameters a model has. Each is counted once: a tied head is the embedding. */
export function parameterCount(config: ZebraConfig): { embedding: number; layers: number; total: number } {
  const { vocab_size: V, hidden_size: D } = config;
  const layer = layerWeights.reduce((sum, name) => sum + elementCount(layerWeightShape(config, name)), 0);
  const embedding = V * D * (config.tie_word_embeddings ? 1 : 2);
  const layers = layer * config.num_hidden_layers;
  return { embedding, layers, total: embedding + layers + D };
}

/** Pairs of a query and a key that it sees, in one layer: Σ nᵢ(nᵢ + 1)/2, or about nᵢ·w in a window. */
export function visiblePairs(segments: readonly number[], window: number | null): number {
  let pairs = 0;
  for (const n of segments) {
    const w = window === null ? n : Math.min(window, n);
    pairs += w * n - (w * (w - 1)) / 2;
  }
  return pairs;
}

/** How many values the matrices of one layer have: all, and those after its attention. */
export function layerMatrices(config: ZebraConfig): { all: number; after: number } {
  const valuesOf = (names: readonly LayerWeight[]): number =>
    names
      .map((name) => layerWeightShape(config, name))
      .reduce((sum, shape) => sum + (shape.length === 2 ? shape[0] * shape[1] : 0), 0);
  const after = valuesOf(["o_proj", "gate_proj", "up_proj", "down_proj"]);
  return { all: valuesOf(layerWeights), after };
}

/**
 * The cost of packed segments, of which `headRows` tokens go on after the last layer's attention to the head.
 */
export function forwardCost(config: ZebraConfig, segments: readonly number[], headRows: number): ForwardCost {
  const tokens = segments.reduce((a, b) => a + b, 0);
  const width = config.num_attention_heads * config.head_dim;
  let pairs = 0;
  for (const type of config.layer_types) pairs += visiblePairs(segments, windowOf(config, type));
  const { all, after } = layerMatrices(config);
  return {
    linear: 2 * (tokens * all * config.num_hidden_layers - (tokens - headRows) * after),
    scores: 4 * pairs * width,
    head: 2 * headRows * config.hidden_size * config.vocab_size,
  };
}

/**
 * Rows of keys and values that a cache of `tokens` tokens has in all layers. A local layer keeps only its
 * window.
 */
export function cacheRows(config: ZebraConfig, tokens: number): number {
  return config.layer_types.reduce(
    (rows, type) => rows + Math.min(tokens, windowOf(config, type) ?? tokens),
    0,
  );
}

/** Bytes of the float32 keys and values of a cache of `tokens` tokens. */
export function cacheBytes(config: ZebraConfig, tokens: number): number {
  return 2 * 4 * config.num_key_value_heads * config.head_dim * cacheRows(config, tokens);
}

/** The same model with full attention in every layer: what Zebra is compared with. */
export function withFullAttention(config: ZebraConfig): ZebraConfig {
  return { ...config, layer_types: config.layer_types.map(() => "full_attention") };
}
