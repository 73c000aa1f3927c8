/** Settings of AdamW, by the names of the recipe. */
export interface AdamwSettings {
  adam_beta1: number;
  adam_beta2: number;
  adam_eps: number;
  weight_decay: number;
}

/** One trained tensor with its gradient and moments: float32 of one length, updated in place. */
export interface AdamwTensor {
  values: Float32Array;
  gradient: Float32Array;
  /** First moment. */
  m: Float32Array;
  /** Second moment. */
  v: Float32Array;
  /** Weight decay is for tensors of two or more dimensions. */
  isDecayed: boolean;
}

/** Euclidean norm over all gradients together, summed in float64. */
export function globalNorm(gradients: Iterable<Float32Array>): number {
  let sum = 0;
  for (const gradient of gradients) {
    let part = 0;
    for (let i = 0; i < gradient.length; i++) part += gradient[i]! * gradient[i]!;
    sum += part;
  }
  return Math.sqrt(sum);
}

/**
 * What gradients are multiplied by so that their norm is at most `maxNorm` (0: no clipping).
 * As torch.nn.utils.clip_grad_norm_: maxNorm / (norm + 1e-6), at most 1.
 */
export function clipFactor(norm: number, maxNorm: number): number {
  return maxNorm > 0 ? Math.min(1, maxNorm / (norm + 1e-6)) : 1;
}

/**
 * One AdamW step (arXiv 1711.05101): bias-corrected moments, decay lr · weight_decay · p apart from them.
 * `step` counts from 1. Computes in float64, keeps float32.
 */
export function adamwStep(
  tensor: AdamwTensor,
  settings: AdamwSettings,
  { step, lr, scale }: { step: number; lr: number; scale: number },
): void {
  const { adam_beta1: beta1, adam_beta2: beta2, adam_eps: eps } = settings;
  const { values, gradient, m, v } = tensor;
  const keep = 1 - (tensor.isDecayed ? lr * settings.weight_decay : 0);
  const stepSize = lr / (1 - beta1 ** step);
  const rootScale = 1 / Math.sqrt(1 - beta2 ** step);
  for (let i = 0; i < values.length; i++) {
    const g = gradient[i]! * scale;
    const first = beta1 * m[i]! + (1 - beta1) * g;
    const second = beta2 * v[i]! + (1 - beta2) * g * g;
    m[i] = first;
    v[i] = second;
    values[i] = values[i]! * keep - (stepSize * first) / (Math.sqrt(second) * rootScale + eps);
  }
}
