import type { Tensor } from "../../engine/device.ts";
import { elementCount } from "../../engine/graph/element-count.ts";
import { TensorStore } from "../../model/weights.ts";
import { clipFactor, globalNorm } from "./gradient-norm.ts";
import { updateOnHost } from "./host-update.ts";
import { kernelArrays } from "./kernel-memory.ts";
import type { LossScale } from "./loss-scale.ts";
import { arrayNames, stateNames } from "./rule.ts";
import { compileUpdate, updateOnDevice, uploadScalars } from "./rule-graph.ts";
import { type OptimizerSettings, optimizerSettings } from "./settings.ts";

/** The trained tensors of a model with their gradients and the optimizer's state, all on one device. */
export interface Optimizer {
  settings: OptimizerSettings;
  names: readonly string[];
  weights: TensorStore;
  gradients: TensorStore;
  /** By the names of the rule's state: a tensor for each trained one, of its shape. */
  state: Readonly<Record<string, TensorStore>>;
  /** What the loss is multiplied by before its gradients are taken; null: nothing, in float32. */
  lossScale: LossScale | null;
}

/**
 * Zero gradients and state for the tensors of `names`. On a device that shares host memory, these and the
 * weights move into memory of the rule's kernel, so that a step copies nothing.
 */
export async function createOptimizer(
  weights: TensorStore,
  names: readonly string[],
  settings: OptimizerSettings = optimizerSettings(),
  lossScale: LossScale | null = null,
): Promise<Optimizer> {
  const { device } = weights;
  const { rule } = settings;
  const shapes = names.map((name) => weights.get(name).shape);
  const storeOf = () =>
    device.sharesHostMemory ? new TensorStore(device) : TensorStore.zerosLike(weights, names);
  const gradients = storeOf();
  const state = Object.fromEntries(stateNames(rule).map((name) => [name, storeOf()]));
  const optimizer = { settings, names, weights, gradients, state, lossScale };
  if (!device.sharesHostMemory) return optimizer;
  const stores = storesOf(optimizer);
  const groups = kernelArrays(rule, shapes.map(elementCount));
  for (const [i, name] of names.entries()) {
    const group = groups[i]!;
    const before = (await device.read(weights.get(name))) as Float32Array;
    group[0]!.set(before);
    for (const [k, store] of stores.entries()) store.set(name, group[k]!, shapes[i]!);
    free(before);
  }
  return optimizer;
}

/**
 * Clips the gathered gradients by their global norm, steps every trained tensor and clears the gradients.
 * Returns the norm before clipping and without the loss scale. Where that is not finite, gradients are
 * cleared and nothing else changes. On a device that shares host memory a kernel updates each tensor in one
 * pass over memory, where a graph of a dozen element-wise nodes would make a dozen passes. On other devices
 * the update runs as such a graph.
 */
export async function optimizerStep(
  optimizer: Optimizer,
  { step, lr }: { step: number; lr: number },
): Promise<number> {
  const { settings, names, weights, gradients } = optimizer;
  const { device } = weights;
  const lossScale = optimizer.lossScale?.value ?? 1;
  const norm =
    (await globalNorm(
      device,
      names.map((name) => gradients.get(name)),
    )) / lossScale;
  if (!Number.isFinite(norm)) {
    for (const name of names) await device.clear(gradients.get(name));
    return norm;
  }
  const scale = clipFactor(norm, settings.maxGradNorm) / lossScale;
  const scalarsOf = (decay: number) => ({
    scale,
    ...settings.rule.scalars(settings.options, { step, lr, decay }),
  });
  const scalars = { matrix: scalarsOf(settings.weightDecay), vector: scalarsOf(0) };
  const kindOf = (name: string) => (weights.get(name).shape.length >= 2 ? "matrix" : "vector");
  if (device.sharesHostMemory) {
    const host = async (tensor: Tensor) => (await device.read(tensor)) as Float32Array;
    for (const name of names) {
      const arrays = await Promise.all(storesOf(optimizer).map((store) => host(store.get(name))));
      updateOnHost(settings.rule, arrays, scalars[kindOf(name)]);
    }
    return norm;
  }
  const program = await compileUpdate(device, settings.rule);
  const uploaded = {
    matrix: uploadScalars(device, scalars.matrix),
    vector: uploadScalars(device, scalars.vector),
  };
  const stores = storesOf(optimizer);
  for (const name of names) {
    const tensors = arrayNames(settings.rule).map((array, i) => [array, stores[i]!.get(name)]);
    await updateOnDevice(device, program, Object.fromEntries(tensors), uploaded[kindOf(name)]);
    await device.clear(gradients.get(name));
  }
  return norm;
}

/** Gives memory that was moved back at once: a collector would keep all weights twice for some steps. */
function free({ buffer, byteLength }: Float32Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

/** The stores in the order of `arrayNames`. */
function storesOf({ weights, gradients, state, settings }: Optimizer): TensorStore[] {
  return [weights, gradients, ...stateNames(settings.rule).map((name) => state[name]!)];
}
