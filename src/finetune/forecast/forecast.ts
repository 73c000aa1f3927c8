import { blockKeys, tiles } from "../../model/attention/tiles.ts";
import type { ZebraConfig } from "../../model/config/config.ts";
import { windowOf } from "../../model/config/layers.ts";
import { layerMatrices, parameterCount } from "../../model/cost.ts";
import type { Training } from "../../model/layers/layer.ts";
import { rowsPerRun } from "../../model/layers/row-chunks.ts";
import { headValues } from "../../model/score.ts";
import { keepsAttention } from "../../model/train/backward.ts";
import { layerWeightShape } from "../../model/weights.ts";
import { bytesPerParameter } from "../update/rule.ts";
import { areaOf, type Calibration, type LayerRates } from "./calibrate.ts";
import type { TrainingForm } from "./training-form.ts";

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

/**
 * What comes after attention in the last layer is left out: it runs on the head's rows only and counts there.
 */
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
  /** Gradients and optimizer state of what is trained. */
  optimizer: number;
  /** What the forward pass leaves for the backward pass. */
  activations: number;
  /** What one layer, one tile of attention or one piece of the head holds while it is computed. */
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

/**
 * Arrays of a tile's scores that the runtime holds at once, forward and backward; fitted to measured peaks.
 */
const scoreArrays = 8;
/** Values that JavaScript no longer needs and has not collected yet: masks, ids. Fitted, too. */
const uncollected = 4e7;

/**
 * What a run uses beyond a process that has loaded nothing: its thread, DuckDB, open packs. Measured.
 */
export const runBytes = 180e6;

const float = 4;

/**
 * Peak of a step whose largest pack is this one, on top of what the process uses before it loads anything.
 */
export function peakBytes(form: TrainingForm, pack: PackShape): MemoryForecast {
  const weights = float * parameterCount(form.config).total;
  const trained = trainedParameters(form.config, form.training);
  const optimizer = bytesPerParameter(form.optimizer.rule) * trained;
  const activations = float * keptValues(form, tokensOf(pack));
  const working = float * workingValues(form, pack);
  return { weights, optimizer, activations, working, total: weights + optimizer + activations + working };
}

const tokensOf = ({ segments }: PackShape): number => segments.reduce((a, b) => a + b, 0);

/** Widths of a token's queries (all heads) and of its keys (all key heads). */
function widths(config: ZebraConfig): { Q: number; K: number } {
  return {
    Q: config.num_attention_heads * config.head_dim,
    K: config.num_key_value_heads * config.head_dim,
  };
}

/** Values that the forward pass of a pack of T tokens leaves for the backward pass. */
function keptValues({ config, training, checkpointing }: TrainingForm, T: number): number {
  const { hidden_size: D, intermediate_size: F, num_hidden_layers: L } = config;
  const { Q, K } = widths(config);
  const rank = training.kind === "lora" ? training.r * training.modules.length : 0;
  // Of a layer: its input; q, k, v, o and the adapters' products; the feed-forward part's gate and its
  // partner.
  const inputs = T * D;
  const attended = T * (2 * Q + 2 * K + D + rank);
  if (checkpointing === "none") return L * (inputs + attended + T * 2 * F);
  const keeping = config.layer_types.filter((type) => keepsAttention(training, type)).length;
  return L * inputs + keeping * T * Q + attended;
}

/** Values that one layer, one tile of attention or one piece of the head holds while it is computed. */
function workingValues({ config, training }: TrainingForm, pack: PackShape): number {
  const { hidden_size: D, intermediate_size: F, vocab_size: V } = config;
  const rows = Math.min(tokensOf(pack), rowsPerRun);
  // Arrays alive at once inside the programs before and after attention, forward and backward: each keeps its
  // own.
  const programs = rows * (11 * F + 24 * D);
  const headRows = Math.min(pack.supervisedTokens, Math.max(1, Math.floor(headValues / V)));
  const headGradient = training.kind === "full" ? V * D : 0;
  const head = 5 * headRows * V + headGradient + 2 * pack.supervisedTokens * D;
  return programs + attentionValues(config, pack) + head + uncollected;
}

/** Values of attention while it is computed: its largest tile, and what goes in and out. */
function attentionValues(config: ZebraConfig, pack: PackShape): number {
  const T = tokensOf(pack);
  const { Q, K } = widths(config);
  const heads = config.num_attention_heads;
  let scores = 0;
  let apart = 0;
  for (const type of new Set(config.layer_types)) {
    for (const tile of tiles({ segments: pack.segments, window: windowOf(config, type) }, heads)) {
      const queries = tile.queryEnd - tile.queryStart;
      const keys = Math.min(tile.queryEnd - tile.keyStart, tile.byHead ? blockKeys : Infinity);
      scores = Math.max(scores, (tile.byHead ? 1 : heads) * queries * keys);
      // q, k, v, ō and the cotangents of q, k, v a second time, head by head.
      if (tile.byHead) apart = T * (3 * Q + 4 * K);
    }
  }
  return scoreArrays * scores + apart + T * (2 * Q + 2 * K + 2 * config.hidden_size);
}
