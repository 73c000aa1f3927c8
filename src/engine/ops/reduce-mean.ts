import { apply1, type Op, type Value } from "../graph/graph.ts";
import { expandLike } from "./expand.ts";
import { scale } from "./mul.ts";

/** Mean over the last axis, whose size must be a number. The axis keeps a size of 1. */
export const reduceMeanOp: Op<Record<string, never>> = {
  name: "reduceMean",
  infer: ([x]) => [{ dtype: x!.dtype, shape: [...x!.shape.slice(0, -1), 1] }],
  emit: (emitter, { inputs: [x], outputs: [y] }) =>
    emitter.node("ReduceMean", [emitter.name(x!), emitter.int64s([-1])], [emitter.name(y!)], {
      attributes: { keepdims: { i: 1 } },
    }),
  // y = Σ x / n: x̄ = ȳ / n, broadcast
  vjp: ({ inputs: [x] }, [dy]) => [scale(expandLike(dy!, x!), 1 / (x!.shape.at(-1) as number))],
  cheap: true,
  samples: [{ inputs: [{ shape: [3, 4] }], attributes: {} }],
};

export function reduceMean(x: Value): Value {
  return apply1(reduceMeanOp, [x], {});
}
