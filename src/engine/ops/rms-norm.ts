import { apply1, type Op, type Value } from "../graph/graph.ts";
import { add } from "./add.ts";
import { mul } from "./mul.ts";
import { reciprocal } from "./reciprocal.ts";
import { reduceMean } from "./reduce-mean.ts";
import { reduceLeading } from "./reduce-sum.ts";
import { sqrt } from "./sqrt.ts";
import { sub } from "./sub.ts";

/**
 * y = w ∘ x / √(mean(x²) + ε) over the last axis. x [.., D], w [D].
 * Source: Zhang and Sennrich, "Root Mean Square Layer Normalization", arXiv 1910.07467.
 */
export const rmsNormOp: Op<{ eps: number }> = {
  name: "rmsNorm",
  infer: ([x]) => [{ dtype: x!.dtype, shape: x!.shape }],
  emit: (emitter, { inputs: [x, w], outputs: [y], attributes }) =>
    emitter.node("SimplifiedLayerNormalization", [emitter.name(x!), emitter.name(w!)], [emitter.name(y!)], {
      attributes: { axis: { i: -1 }, epsilon: { f: attributes.eps }, stash_type: { i: 1 } },
    }),
  // with r = 1/√(mean(x²)+ε), x̂ = x r, g = ȳ ∘ w: x̄ = r (g − x̂ mean(g ∘ x̂)), w̄ = Σ ȳ ∘ x̂
  vjp: ({ inputs: [x, w], attributes: { eps } }, [dy]) => {
    const r = reciprocal(sqrt(add(reduceMean(mul(x!, x!)), x!.graph.constant(eps))));
    const normed = mul(x!, r);
    const g = mul(dy!, w!);
    const dx = mul(r, sub(g, mul(normed, reduceMean(mul(g, normed)))));
    return [dx, reduceLeading(mul(dy!, normed), x!.shape.length - 1)];
  },
  cheap: true,
  samples: [{ inputs: [{ shape: [3, 4] }, { shape: [4] }], attributes: { eps: 1e-5 } }],
};

export function rmsNorm(x: Value, w: Value, eps: number): Value {
  return apply1(rmsNormOp, [x, w], { eps });
}
