import { expectedTensors } from "../../checkpoint/checkpoint.ts";
import type { Device } from "../../engine/device.ts";
import { elementCount } from "../../engine/element-count.ts";
import { byHeadTokens, tileArea, tiles } from "../../model/attention/tiles.ts";
import type { ZebraConfig } from "../../model/config/config.ts";
import type { LayerType } from "../../model/config/layers.ts";
import { windowOf } from "../../model/config/layers.ts";
import { layerMatrices } from "../../model/cost.ts";
import { layerOutput, openPass, releaseAttended } from "../../model/forward.ts";
import type { Training } from "../../model/layers/layer.ts";
import { compileNetwork, type Network } from "../../model/network.ts";
import { tokenNll } from "../../model/score.ts";
import {
  type ActivationCheckpointing,
  backpropagate,
  layerBackward,
  layerForward,
} from "../../model/train/backward.ts";
import { initialWeights } from "../../model/train/init.ts";
import { initialAdapters } from "../../model/train/lora.ts";
import { trainedNames } from "../../model/trained-names.ts";
import { randomOf } from "../../random.ts";
import { createOptimizer, type Optimizer, optimizerStep } from "../optimizers/optimizer.ts";

/** Seconds that the parts of training take on this machine, each a line through few measurements. */
export interface Calibration {
  /** One layer, forward and with backward: a token's share, and a score's by kind of layer (area of its tiles). */
  forward: LayerRates;
  training: LayerRates;
  /** A row of the head and of what comes before it after the last attention, forward and with backward. */
  headForward: number;
  headTraining: number;
  /** Embedding and what else a pack costs whatever its length. */
  pack: number;
  /** AdamW, of one parameter. */
  parameter: number;
}

export interface LayerRates {
  token: number;
  score: Record<LayerType, number>;
}

const settings = { adam_beta1: 0.9, adam_beta2: 0.95, adam_eps: 1e-8, weight_decay: 0, max_grad_norm: 1 };

/**
 * Runs one layer of each kind, the head and the optimizer for a few seconds, with new weights in the model's
 * shape. `tokens`: a length typical of the packs.
 */
export async function calibrate(
  device: Device,
  whole: ZebraConfig,
  training: Training,
  tokens: number,
  checkpointing: ActivationCheckpointing,
): Promise<Calibration> {
  const T = Math.max(64, Math.min(tokens, 2048));
  const layerOf = (type: LayerType) => oneLayer(device, whole, training, type);
  const global = await layerOf("full_attention");
  const short = Array.from(
    { length: 16 },
    (_, i) => Math.floor(((i + 1) * T) / 16) - Math.floor((i * T) / 16),
  );
  // In long segments heads take turns, at another rate, and the faster the longer they are.
  const L = tokens >= byHeadTokens ? Math.min(tokens, 2 * byHeadTokens) : T;
  const times = {
    long: await layerSeconds(global, [L], checkpointing),
    short: await layerSeconds(global, short, checkpointing),
    local: await layerSeconds(await layerOf("sliding_attention"), [T], checkpointing),
  };
  const rates = (key: "forward" | "training"): LayerRates => {
    // Both are token · n + score · area.
    const long = { tokens: L, area: areaOf(whole, "full_attention", [L]) };
    const few = { tokens: T, area: areaOf(whole, "full_attention", short) };
    const score =
      (times.long[key] * few.tokens - times.short[key] * long.tokens) /
      (long.area * few.tokens - few.area * long.tokens);
    const token = Math.max(0, times.short[key] - score * few.area) / few.tokens;
    const local = (times.local[key] - token * T) / areaOf(whole, "sliding_attention", [T]);
    return { token, score: { full_attention: Math.max(0, score), sliding_attention: Math.max(0, local) } };
  };
  return {
    forward: rates("forward"),
    training: rates("training"),
    ...(await headSeconds(global, T, rates("training"), checkpointing)),
    parameter: await parameterSeconds(global.optimizer),
  };
}

/** Scores that the tiles of a layer compute, masked ones too. */
export function areaOf(config: ZebraConfig, type: LayerType, segments: readonly number[]): number {
  let area = 0;
  for (const tile of tiles({ segments, window: windowOf(config, type) }, config.num_attention_heads)) {
    area += tileArea(tile);
  }
  return area;
}

interface OneLayer {
  network: Network;
  optimizer: Optimizer;
}

async function oneLayer(
  device: Device,
  whole: ZebraConfig,
  training: Training,
  type: LayerType,
): Promise<OneLayer> {
  const config = { ...whole, num_hidden_layers: 1, layer_types: [type] };
  const weights = initialWeights(device, config, expectedTensors(config), 1);
  if (training.kind === "lora") initialAdapters(weights, config, training, 1);
  const network = await compileNetwork(device, config, weights, training);
  return { network, optimizer: await createOptimizer(weights, trainedNames(config, training)) };
}

async function layerSeconds(
  { network, optimizer }: OneLayer,
  segments: readonly number[],
  checkpointing: ActivationCheckpointing,
): Promise<{ forward: number; training: number }> {
  const { device, config } = network;
  const T = segments.reduce((a, b) => a + b, 0);
  const pass = { ...openPass(network, segments), checkpointing, gradients: optimizer.gradients };
  const random = randomOf(1, "calibrate");
  const values = () => Float32Array.from({ length: T * config.hidden_size }, () => random.next() - 0.5);
  const [x, dy] = [values(), values()].map((data) => device.upload(data, [T, config.hidden_size])) as [
    ReturnType<Device["upload"]>,
    ReturnType<Device["upload"]>,
  ];
  const forward = await seconds(async () => {
    const { y, attended } = await layerOutput(network, 0, x, pass);
    device.release(y);
    releaseAttended(network, attended);
  });
  const training = await seconds(async () => {
    const { y, trace } = await layerForward(network, 0, x, pass);
    const dx = await layerBackward(network, 0, trace, dy, pass);
    device.release(y, dx);
  });
  return { forward, training };
}

/** The head's rows and the rest of a pack, from passes of one layer with few and with many supervised tokens. */
async function headSeconds(
  { network, optimizer }: OneLayer,
  T: number,
  training: LayerRates,
  checkpointing: ActivationCheckpointing,
): Promise<Pick<Calibration, "headForward" | "headTraining" | "pack">> {
  const random = randomOf(1, "calibrate");
  const ids = Int32Array.from({ length: T }, () => random.below(network.config.vocab_size));
  const batch = (rows: number) => ({
    ids,
    targets: ids.map((id, t) => (t < rows ? id : -100)),
    weights: new Float32Array(T).fill(1 / rows),
    segments: [T],
  });
  const [few, many] = [1, Math.min(T, 512)];
  const passes = async (rows: number) => ({
    forward: await seconds(() => tokenNll(network, ids, batch(rows).targets, [T])),
    training: await seconds(() => backpropagate(network, batch(rows), optimizer.gradients, checkpointing)),
  });
  const [least, most] = [await passes(few), await passes(many)];
  const area = areaOf(network.config, "full_attention", [T]);
  const { all, after } = layerMatrices(network.config);
  const layer = training.token * T * (1 - after / all) + training.score.full_attention * area;
  return {
    headForward: Math.max(0, most.forward - least.forward) / (many - few),
    headTraining: Math.max(0, most.training - least.training) / (many - few),
    pack: Math.max(0, least.training - layer),
  };
}

async function parameterSeconds(optimizer: Optimizer): Promise<number> {
  const parameters = optimizer.names.reduce(
    (sum, name) => sum + elementCount(optimizer.weights.get(name).shape),
    0,
  );
  let step = 0;
  return (await seconds(() => optimizerStep(optimizer, settings, { step: ++step, lr: 0 }))) / parameters;
}

/** Median of three calls after two that are not counted: memory is first touched then. Of a long call, one after one. */
async function seconds(call: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  const isLong = () => times.length === 2 && times[0]! > 1;
  while (times.length < 5 && !isLong()) {
    const before = performance.now();
    await call();
    times.push((performance.now() - before) / 1000);
  }
  return isLong() ? times[1]! : times.slice(2).sort((a, b) => a - b)[1]!;
}
