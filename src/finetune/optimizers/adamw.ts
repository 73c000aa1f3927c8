import { type AdamwKernel, adamwArrays } from "./adamw-kernel.ts";
import { adamwArraysOf, kernelOf } from "./kernel-memory.ts";

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

/** Values of arrays elsewhere that are copied to a kernel's memory at once: all four stay in the second-level cache. */
export const copiedValues = 8192;
let scratch: Float32Array[] | undefined;

/**
 * One AdamW step (arXiv 1711.05101): bias-corrected moments, decay lr · weight_decay · p apart from them; clears the
 * gradient. Computes in float32, as torch.optim.AdamW does; where the arrays lie if `adamwArraysOf` made them, else in
 * copies.
 */
export function adamwStep(
  tensor: AdamwTensor,
  settings: AdamwSettings,
  { step, lr, scale, isDecayed }: AdamwStep,
): void {
  const { adam_beta1: beta1, adam_beta2: beta2 } = settings;
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
  const run = (kernel: AdamwKernel, arrays: readonly Float32Array[], count: number): void => {
    const [values, gradient, m, v] = arrays.map(({ byteOffset }) => byteOffset) as [
      number,
      number,
      number,
      number,
    ];
    kernel.run({ values, gradient, m, v }, count, factors);
  };
  const arrays = adamwArrays.map((name) => tensor[name]);
  const own = kernelOf(arrays);
  if (own) {
    run(own, arrays, tensor.values.length);
    return;
  }
  scratch ??= adamwArraysOf([copiedValues], arrays.length)[0]!;
  const kernel = kernelOf(scratch)!;
  for (let start = 0; start < tensor.values.length; start += copiedValues) {
    const pieces = arrays.map((array) => array.subarray(start, start + copiedValues));
    for (const [i, piece] of pieces.entries()) scratch[i]!.set(piece);
    run(kernel, scratch, pieces[0]!.length);
    for (const [i, piece] of pieces.entries()) piece.set(scratch[i]!.subarray(0, piece.length));
  }
}
