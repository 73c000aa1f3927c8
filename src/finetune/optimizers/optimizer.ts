import type { Tensor } from "../../engine/device.ts";
import { elementCount } from "../../engine/element-count.ts";
import { TensorStore } from "../../model/weights.ts";
import { type AdamwSettings, adamwStep, clipFactor } from "./adamw.ts";
import { adamwStepOn, globalNormOn } from "./adamw-program.ts";
import { adamwArraysOf } from "./kernel-memory.ts";
import type { LossScale } from "./loss-scale.ts";

/** The trained tensors of a model with their gradients and moments, all on one device. */
export interface Optimizer {
  names: readonly string[];
  weights: TensorStore;
  gradients: TensorStore;
  firstMoments: TensorStore;
  secondMoments: TensorStore;
  /** What the loss is multiplied by before its gradients are taken; null: nothing, in float32. */
  lossScale: LossScale | null;
}

/**
 * Zero gradients and moments for the tensors of `names`. Where a tensor's host array is its memory, these move, and
 * they all lie where the kernel of `adamwStep` needs no copies.
 */
export async function createOptimizer(
  weights: TensorStore,
  names: readonly string[],
  lossScale: LossScale | null = null,
): Promise<Optimizer> {
  const { device } = weights;
  if (!device.sharesHostMemory) {
    const [gradients, firstMoments, secondMoments] = [0, 1, 2].map(() =>
      TensorStore.zerosLike(weights, names),
    ) as [TensorStore, TensorStore, TensorStore];
    return { names, weights, gradients, firstMoments, secondMoments, lossScale };
  }
  const [gradients, firstMoments, secondMoments] = [0, 1, 2].map(() => new TensorStore(device)) as [
    TensorStore,
    TensorStore,
    TensorStore,
  ];
  const stores = [weights, gradients, firstMoments, secondMoments];
  const shapes = names.map((name) => weights.get(name).shape);
  const groups = adamwArraysOf(shapes.map(elementCount), stores.length);
  for (const [i, name] of names.entries()) {
    const group = groups[i]!;
    group[0]!.set(await device.read(weights.get(name)));
    for (const [k, store] of stores.entries()) store.set(name, group[k]!, shapes[i]!);
  }
  return { names, weights, gradients, firstMoments, secondMoments, lossScale };
}
/**
 * Clips the gathered gradients by their global norm, steps every trained tensor and clears the gradients.
 * Returns the norm before clipping and without the loss scale. Where that is no number, gradients are cleared and
 * nothing else changes. Where a tensor's host array is its memory, a kernel updates it in one pass over memory; a
 * graph of a dozen element-wise nodes would make a dozen. Elsewhere that graph it is.
 */
export async function optimizerStep(
  optimizer: Optimizer,
  settings: AdamwSettings & { max_grad_norm: number },
  { step, lr }: { step: number; lr: number },
): Promise<number> {
  const { device } = optimizer.weights;
  const gradients = optimizer.names.map((name) => optimizer.gradients.get(name));
  const lossScale = optimizer.lossScale?.value ?? 1;
  const norm = (await globalNormOn(device, gradients)) / lossScale;
  if (!Number.isFinite(norm)) {
    for (const gradient of gradients) await device.clear(gradient);
    return norm;
  }
  const scale = clipFactor(norm, settings.max_grad_norm) / lossScale;
  for (const [i, name] of optimizer.names.entries()) {
    const values = optimizer.weights.get(name);
    const gradient = gradients[i]!;
    const m = optimizer.firstMoments.get(name);
    const v = optimizer.secondMoments.get(name);
    const at = { step, lr, scale, isDecayed: values.shape.length >= 2 };
    if (!device.sharesHostMemory) {
      await adamwStepOn(device, { values, gradient, m, v }, settings, at);
      await device.clear(gradient);
      continue;
    }
    const host = async (tensor: Tensor) => (await device.read(tensor)) as Float32Array;
    const tensors = {
      values: await host(values),
      gradient: await host(gradient),
      m: await host(m),
      v: await host(v),
    };
    adamwStep(tensors, settings, at);
  }
  return norm;
}
