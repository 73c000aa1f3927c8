import { expectedTensors } from "../../checkpoint/checkpoint.ts";
import { unsupervised } from "../../contracts/pack.ts";
import { type CountedBytes, countingDevice } from "../../engine/memory/counting-device.ts";
import { compileNetwork } from "../../model/network.ts";
import { tokenNll } from "../../model/score.ts";
import { backpropagate, type TrainingBatch } from "../../model/train/backward.ts";
import { adapterShapes } from "../../model/train/lora.ts";
import { trainedNames } from "../../model/trained-names.ts";
import { TensorStore } from "../../model/weights.ts";
import type { PackShape } from "./forecast.ts";
import type { TrainingForm } from "./training-form.ts";

/**
 * What validation on `held` and then gradients of `packs`, one after the other, take beside weights and
 * optimizer: the training's own code runs on a device that only counts.
 */
export async function countMemory(
  { config, training, checkpointing }: TrainingForm,
  packs: readonly PackShape[],
  held: readonly PackShape[] = [],
): Promise<CountedBytes> {
  const device = countingDevice();
  const weights = new TensorStore(device);
  const gradients = new TensorStore(device);
  for (const { name, shape } of expectedTensors(config)) weights.adopt(name, device.outside(shape));
  if (training.kind === "lora") {
    for (const { name, shape } of adapterShapes(config, training)) weights.adopt(name, device.outside(shape));
  }
  for (const name of trainedNames(config, training)) {
    gradients.adopt(name, device.outside(weights.get(name).shape));
  }
  const network = await compileNetwork(device, config, weights, training);
  for (const pack of held) {
    const { ids, targets, segments } = batchOf(pack);
    await tokenNll(network, ids, targets, segments);
  }
  for (const pack of packs) await backpropagate(network, batchOf(pack), gradients, checkpointing);
  return device.counted();
}

/** A batch of this shape, its last tokens supervised. */
function batchOf({ segments, supervisedTokens }: PackShape): TrainingBatch {
  const T = segments.reduce((a, b) => a + b, 0);
  const targets = Int32Array.from({ length: T }, (_, t) => (t >= T - supervisedTokens ? 0 : unsupervised));
  return { ids: new Int32Array(T), targets, weights: new Float32Array(T), segments };
}
