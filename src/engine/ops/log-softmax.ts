import { apply1, type Op, type Value } from "../graph/graph.ts";
import { inferSame } from "./elementwise.ts";
import { exp } from "./exp.ts";
import { mul } from "./mul.ts";
import { reduceSum } from "./reduce-sum.ts";
import { sub } from "./sub.ts";

/** Log of the softmax over the last axis. */
export const logSoftmaxOp: Op<Record<string, never>> = {
  name: "logSoftmax",
  infer: inferSame,
  emit: (emitter, { inputs: [x], outputs: [y] }) =>
    emitter.node("LogSoftmax", [emitter.name(x!)], [emitter.name(y!)], { attributes: { axis: { i: -1 } } }),
  // x̄ = ȳ − eʸ Σ ȳ
  vjp: ({ outputs: [y] }, [dy]) => {
    const total = reduceSum(dy!, [y!.shape.length - 1]);
    return [sub(dy!, mul(exp(y!), total))];
  },
  cheap: true,
  samples: [{ inputs: [{ shape: [3, 4] }], attributes: {} }],
};

export function logSoftmax(x: Value): Value {
  return apply1(logSoftmaxOp, [x], {});
}
