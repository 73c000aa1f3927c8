import { Type } from "@sinclair/typebox";
import { defineOptimizer } from "../update/rule.ts";

/**
 * AdamW (arXiv 1711.05101): bias-corrected moments, decay lr · weight_decay · p apart from them. Its options
 * are keys of `finetune` by Hugging Face's names. Written so that no array is divided by a bias correction:
 * values ← keep · values − stepSize · m / (rootScale · √v + eps).
 */
export const adamw = defineOptimizer({
  state: { m: "first_moments", v: "second_moments" },
  options: Type.Object({
    beta1: Type.Number({
      description: "Decay of the first moment.",
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0.9,
    }),
    beta2: Type.Number({
      description: "Decay of the second moment.",
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0.95,
    }),
    eps: Type.Number({
      description: "Added to the root of the second moment.",
      exclusiveMinimum: 0,
      default: 1e-8,
    }),
  }),
  recipeKeys: { beta1: "adam_beta1", beta2: "adam_beta2", eps: "adam_eps" },
  scalars: ({ beta1, beta2, eps }, { step, lr, decay }) => ({
    beta1,
    gradientShare1: 1 - beta1,
    beta2,
    gradientShare2: 1 - beta2,
    keep: 1 - lr * decay,
    stepSize: lr / (1 - beta1 ** step),
    rootScale: 1 / Math.sqrt(1 - beta2 ** step),
    eps,
  }),
  update({ add, sub, mul, div, sqrt }, { values, gradient, ...x }) {
    const m = add(mul(x.m, x.beta1), mul(gradient, x.gradientShare1));
    const v = add(mul(x.v, x.beta2), mul(mul(gradient, gradient), x.gradientShare2));
    const change = div(mul(m, x.stepSize), add(mul(sqrt(v), x.rootScale), x.eps));
    return { values: sub(mul(values, x.keep), change), m, v };
  },
});
