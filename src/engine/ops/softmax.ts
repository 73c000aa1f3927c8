import { apply1, type Op, type Value } from "../graph/graph.ts";
import { inferSame } from "./elementwise.ts";
import { mul } from "./mul.ts";
import { reduceSum } from "./reduce-sum.ts";
import { sub } from "./sub.ts";

/** Softmax over the last axis. */
export const softmaxOp: Op<Record<string, never>> = {
  name: "softmax",
  infer: inferSame,
  emit: (emitter, { inputs: [x], outputs: [y] }) =>
    emitter.node("Softmax", [emitter.name(x!)], [emitter.name(y!)], { attributes: { axis: { i: -1 } } }),
  // x̄ = y ∘ (ȳ − Σ ȳ ∘ y)
  vjp: ({ outputs: [y] }, [dy]) => {
    const dot = reduceSum(mul(dy!, y!), [y!.shape.length - 1]);
    return [mul(y!, sub(dy!, dot))];
  },
  cheap: true,
  samples: [{ inputs: [{ shape: [3, 4] }], attributes: {} }],
};

export function softmax(x: Value): Value {
  return apply1(softmaxOp, [x], {});
}
