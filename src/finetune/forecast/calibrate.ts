import { expectedTensors } from "../../checkpoint/checkpoint.ts";
import { unsupervised } from "../../contracts/pack.ts";
import type { Device } from "../../engine/device.ts";
import { elementCount } from "../../engine/graph/element-count.ts";
import { byHeadTokens, tileArea, tiles } from "../../model/attention/tiles.ts";
import type { ZebraConfig } from "../../model/config/config.ts";
import type { LayerType } from "../../model/config/layers.ts";
import { windowOf } from "../../model/config/layers.ts";
import { layerMatrices } from "../../model/cost.ts";
import { layerOutput, openPass, releaseAttended } from "../../model/forward.ts";
import { compileNetwork, type Network } from "../../model/network.ts";
import { tokenNll } from "../../model/score.ts";
import { backpropagate, layerBackward, layerForward } from "../../model/train/backward.ts";
import { initialWeights } from "../../model/train/init.ts";
import { initialAdapters } from "../../model/train/lora.ts";
import { trainedNames } from "../../model/trained-names.ts";
import { randomOf } from "../../random.ts";
import { createOptimizer, type Optimizer, optimizerStep } from "../update/optimizer.ts";
import type { TrainingForm } from "./training-form.ts";

/** Seconds that the parts of training take on this machine, each from a line through a few measurements. */
export interface Calibration {
  /** One layer, forward only and forward with backward. */
  forward: LayerRates;
  training: LayerRates;
  /** One row of the head and of what lies between the last attention and it; forward, and with backward. */
  headForward: number;
  headTraining: number;
  /** The embedding and all else that costs the same for packs of any length. */
  pack: number;
  /** The optimizer's step, of one parameter. */
  parameter: number;
}

/** Seconds of a layer for each token, and for each score by kind of layer. */
export interface LayerRates {
  token: number;
  score: Record<LayerType, number>;
}

/**
 * Runs one layer of each kind, the head and the optimizer for a few seconds, with new weights in the model's
 * shape. `tokens`: a length typical of the packs.
 */
export async function calibrate(device: Device, form: TrainingForm, tokens: number): Promise<Calibration> {
  const T = Math.max(64, Math.min(tokens, 2048));
  const layerOf = (type: LayerType) => oneLayer(device, form, type);
  const global = await layerOf("full_attention");
  // Long segments compute one head at a time, at another rate, which grows with their length.
  const L = tokens >= byHeadTokens ? Math.min(tokens, 2 * byHeadTokens) : T;
  const few = Array.from({ length: 16 }, (_, i) => Math.floor(((i + 1) * T) / 16) - Math.floor((i * T) / 16));
  const times: LayerTimes = {
    long: { segments: [L], seconds: await layerSeconds(global, [L]) },
    short: { segments: few, seconds: await layerSeconds(global, few) },
    local: { segments: [T], seconds: await layerSeconds(await layerOf("sliding_attention"), [T]) },
  };
  const training = ratesOf(form.config, times, "training");
  return {
    forward: ratesOf(form.config, times, "forward"),
    training,
    ...(await headSeconds(global, T, training)),
    parameter: await parameterSeconds(global.optimizer),
  };
}

type Pass = "forward" | "training";

/**
 * Seconds of a global layer on long and on short segments, and of a local one. `short` and `local` have the
 * same number of tokens.
 */
type LayerTimes = Record<
  "long" | "short" | "local",
  { segments: readonly number[]; seconds: Record<Pass, number> }
>;

/** A layer's time is token · n + score · area, so two times give both rates. */
function ratesOf(config: ZebraConfig, times: LayerTimes, pass: Pass): LayerRates {
  const { long, short, local } = times;
  const [n, few] = [sum(long.segments), sum(short.segments)];
  const area = areaOf(config, "full_attention", long.segments);
  const shortArea = areaOf(config, "full_attention", short.segments);
  const score = (long.seconds[pass] * few - short.seconds[pass] * n) / (area * few - shortArea * n);
  const token = Math.max(0, short.seconds[pass] - score * shortArea) / few;
  const localScore =
    (local.seconds[pass] - token * few) / areaOf(config, "sliding_attention", local.segments);
  return {
    token,
    score: { full_attention: Math.max(0, score), sliding_attention: Math.max(0, localScore) },
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
  checkpointing: TrainingForm["checkpointing"];
}

async function oneLayer(device: Device, form: TrainingForm, type: LayerType): Promise<OneLayer> {
  const { training, checkpointing } = form;
  const config = { ...form.config, num_hidden_layers: 1, layer_types: [type] };
  const weights = initialWeights(device, config, expectedTensors(config), 1);
  if (training.kind === "lora") initialAdapters(weights, config, training, 1);
  const network = await compileNetwork(device, config, weights, training);
  const optimizer = await createOptimizer(weights, trainedNames(config, training), form.optimizer);
  return { network, optimizer, checkpointing };
}

async function layerSeconds(
  { network, optimizer, checkpointing }: OneLayer,
  segments: readonly number[],
): Promise<Record<Pass, number>> {
  const { device, config } = network;
  const T = sum(segments);
  const pass = { ...openPass(network, segments), checkpointing, gradients: optimizer.gradients };
  const random = randomOf(1, "calibrate");
  const values = () => Float32Array.from({ length: T * config.hidden_size }, () => random.next() - 0.5);
  const x = device.upload(values(), [T, config.hidden_size]);
  const dy = device.upload(values(), [T, config.hidden_size]);
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

/**
 * The head's rows and the rest of a pack, from passes of one layer with few and with many supervised tokens.
 */
async function headSeconds(
  { network, optimizer, checkpointing }: OneLayer,
  T: number,
  training: LayerRates,
): Promise<Pick<Calibration, "headForward" | "headTraining" | "pack">> {
  const random = randomOf(1, "calibrate");
  const ids = Int32Array.from({ length: T }, () => random.below(network.config.vocab_size));
  const batch = (rows: number) => ({
    ids,
    targets: ids.map((id, t) => (t < rows ? id : unsupervised)),
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
  const parameters = sum(optimizer.names.map((name) => elementCount(optimizer.weights.get(name).shape)));
  let step = 0;
  return (await seconds(() => optimizerStep(optimizer, { step: ++step, lr: 0 }))) / parameters;
}

/**
 * Median of three calls after two that do not count, as memory is first used in those. A call of over a
 * second is timed once, after one.
 */
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

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
