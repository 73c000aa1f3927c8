import { adamwKernel, kernelValues } from "./adamw-kernel.ts";

/** Settings of AdamW, by the names of the recipe. */
export interface AdamwSettings {
  adam_beta1: number;
  adam_beta2: number;
  adam_eps: number;
  weight_decay: number;
}

/** One trained tensor with its gradient and moments: float32 of one length. */
export interface AdamwTensor {
  values: Float32Array;
  gradient: Float32Array;
  /** First moment. */
  m: Float32Array;
  /** Second moment. */
  v: Float32Array;
}

export interface AdamwStep {
  /** Counts from 1. */
  step: number;
  lr: number;
  /** What the gradient is multiplied by first. */
  scale: number;
  /** Weight decay is for tensors of two or more dimensions. */
  isDecayed: boolean;
}

/**
 * What gradients are multiplied by so that their norm is at most `maxNorm` (0: no clipping).
 * As torch.nn.utils.clip_grad_norm_: maxNorm / (norm + 1e-6), at most 1.
 */
export function clipFactor(norm: number, maxNorm: number): number {
  return maxNorm > 0 ? Math.min(1, maxNorm / (norm + 1e-6)) : 1;
}

/**
 * One AdamW step (arXiv 1711.05101): bias-corrected moments, decay lr · weight_decay · p apart from them; clears the
 * gradient. Computes in float32, as torch.optim.AdamW does.
 */
export function adamwStep(
  tensor: AdamwTensor,
  settings: AdamwSettings,
  { step, lr, scale, isDecayed }: AdamwStep,
): void {
  const { adam_beta1: beta1, adam_beta2: beta2 } = settings;
  const kernel = adamwKernel();
  const factors = {
    scale,
    beta1,
    c1: 1 - beta1,
    beta2,
    c2: 1 - beta2,
    keep: 1 - (isDecayed ? lr * settings.weight_decay : 0),
    stepSize: lr / (1 - beta1 ** step),
    rootScale: 1 / Math.sqrt(1 - beta2 ** step),
    eps: settings.adam_eps,
  };
  for (let start = 0; start < tensor.values.length; start += kernelValues) {
    const piece = (array: Float32Array): Float32Array => array.subarray(start, start + kernelValues);
    const [values, gradient, m, v] = [tensor.values, tensor.gradient, tensor.m, tensor.v].map(piece);
    kernel.values.set(values!);
    kernel.gradient.set(gradient!);
    kernel.m.set(m!);
    kernel.v.set(v!);
    kernel.run(values!.length, factors);
    values!.set(kernel.values.subarray(0, values!.length));
    m!.set(kernel.m.subarray(0, m!.length));
    v!.set(kernel.v.subarray(0, v!.length));
    gradient!.fill(0);
  }
}
