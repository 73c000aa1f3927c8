import { blockKeys, tiles } from "../../model/attention/tiles.ts";
import type { ZebraConfig } from "../../model/config/config.ts";
import { windowOf } from "../../model/config/layers.ts";
import { layerMatrices, parameterCount } from "../../model/cost.ts";
import type { Training } from "../../model/layers/layer.ts";
import { rowsPerRun } from "../../model/layers/row-chunks.ts";
import { headValues } from "../../model/score.ts";
import { type ActivationCheckpointing, keepsAttention } from "../../model/train/backward.ts";
import { layerWeightShape } from "../../model/weights.ts";
import { areaOf, type Calibration, type LayerRates } from "./calibrate.ts";

/** What a forecast needs to know of one pack. */
export interface PackShape {
  segments: readonly number[];
  supervisedTokens: number;
}

/** Seconds of one pack's forward and backward pass. */
export function packSeconds(calibration: Calibration, config: ZebraConfig, pack: PackShape): number {
  return (
    layersSeconds(calibration.training, config, pack.segments) +
    calibration.headTraining * pack.supervisedTokens +
    calibration.pack
  );
}

/** Seconds of one pack's forward pass: validation. */
export function scoreSeconds(calibration: Calibration, config: ZebraConfig, pack: PackShape): number {
  return (
    layersSeconds(calibration.forward, config, pack.segments) +
    calibration.headForward * pack.supervisedTokens
  );
}

/** Without what comes after attention in the last layer: that is of the head's rows. */
function layersSeconds(rates: LayerRates, config: ZebraConfig, segments: readonly number[]): number {
  const tokens = segments.reduce((a, b) => a + b, 0);
  const { all, after } = layerMatrices(config);
  return config.layer_types.reduce(
    (sum, type) => sum + rates.token * tokens + rates.score[type] * areaOf(config, type, segments),
    -rates.token * tokens * (after / all),
  );
}

/** Bytes of the parts of a training step at its peak, on the CPU in float32. */
export interface MemoryForecast {
  weights: number;
  /** Gradients and both moments of what is trained. */
  optimizer: number;
  /** What the forward pass leaves for the backward pass. */
  activations: number;
  /** What one layer, one tile of attention or one piece of the head makes in between. */
  working: number;
  total: number;
}

/** Parameters that a training changes. */
export function trainedParameters(config: ZebraConfig, training: Training): number {
  if (training.kind !== "lora") return training.kind === "full" ? parameterCount(config).total : 0;
  return training.modules.reduce((sum, name) => {
    const [out, width] = layerWeightShape(config, name) as [number, number];
    return sum + config.num_hidden_layers * training.r * (out + width);
  }, 0);
}

/** Arrays of a tile's scores that the runtime holds at once, forward and backward; fitted to measured peaks. */
const scoreArrays = 8;
/** Values that JavaScript has let go of and not collected yet: masks, ids. Fitted, too. */
const uncollected = 4e7;

/** What a run has beside, over a process that has loaded nothing: its thread, DuckDB, the packs at hand. Measured. */
export const runBytes = 180e6;

/** Peak of a step whose worst pack is this one, beside what the process has before it loads anything. */
export function peakBytes(
  config: ZebraConfig,
  training: Training,
  pack: PackShape,
  checkpointing: ActivationCheckpointing,
): MemoryForecast {
  const float = 4;
  const { hidden_size: D, intermediate_size: F, vocab_size: V, num_hidden_layers: L } = config;
  const Q = config.num_attention_heads * config.head_dim;
  const K = config.num_key_value_heads * config.head_dim;
  const T = pack.segments.reduce((a, b) => a + b, 0);
  const rank = training.kind === "lora" ? training.r * training.modules.length : 0;

  // Kept of a layer: its input; q, k, v, o and the adapters' products; the feed-forward part's gate and its partner.
  const inputs = T * D;
  const attended = T * (2 * Q + 2 * K + D + rank);
  const keeping = config.layer_types.filter((type) => keepsAttention(training, type)).length;
  const activations =
    checkpointing === "layer" ? L * inputs + keeping * T * Q + attended : L * (inputs + attended + T * 2 * F);

  const rows = Math.min(T, rowsPerRun);
  // Arrays alive at once inside the programs before and after attention, forward and backward: each keeps its own.
  const programs = rows * (11 * F + 24 * D);
  let scores = 0;
  let apart = 0;
  for (const type of new Set(config.layer_types)) {
    for (const tile of tiles(
      { segments: pack.segments, window: windowOf(config, type) },
      config.num_attention_heads,
    )) {
      const queries = tile.queryEnd - tile.queryStart;
      const keys = Math.min(tile.queryEnd - tile.keyStart, tile.byHead ? blockKeys : Infinity);
      scores = Math.max(scores, (tile.byHead ? 1 : config.num_attention_heads) * queries * keys);
      // q, k, v, ō and the cotangents of q, k, v a second time, head by head.
      if (tile.byHead) apart = T * (3 * Q + 4 * K);
    }
  }
  const attention = scoreArrays * scores + apart + T * (2 * Q + 2 * K + 2 * D);
  const headRows = Math.min(pack.supervisedTokens, Math.max(1, Math.floor(headValues / V)));
  const head = 5 * headRows * V + (training.kind === "full" ? V * D : 0) + 2 * pack.supervisedTokens * D;
  const working = programs + attention + head + uncollected;

  const weights = parameterCount(config).total;
  const optimizer = 3 * trainedParameters(config, training);
  return {
    weights: float * weights,
    optimizer: float * optimizer,
    activations: float * activations,
    working: float * working,
    total: float * (weights + optimizer + activations + working),
  };
}
