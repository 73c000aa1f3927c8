import { Type } from "@sinclair/typebox";
import { defineOptimizer } from "../update/rule.ts";

/**
 * Lion (arXiv 2302.06675, algorithm 2): every value moves by lr, in the direction of the sign of a mix of the
 * momentum and the gradient; decay lr · weight_decay · p apart from it. One state tensor where AdamW has two.
 */
export const lion = defineOptimizer({
  state: { m: "first_moments" },
  options: Type.Object({
    beta1: Type.Number({
      description: "Share of the momentum in the direction of a step.",
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0.9,
    }),
    beta2: Type.Number({
      description: "Decay of the momentum.",
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0.99,
    }),
  }),
  recipeKeys: {},
  scalars: ({ beta1, beta2 }, { lr, decay }) => ({
    beta1,
    gradientShare1: 1 - beta1,
    beta2,
    gradientShare2: 1 - beta2,
    keep: 1 - lr * decay,
    lr,
  }),
  update({ add, sub, mul, sign }, { values, gradient, m, ...x }) {
    const direction = sign(add(mul(m, x.beta1), mul(gradient, x.gradientShare1)));
    return {
      values: sub(mul(values, x.keep), mul(direction, x.lr)),
      m: add(mul(m, x.beta2), mul(gradient, x.gradientShare2)),
    };
  },
});
