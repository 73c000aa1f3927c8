import { apply1, type Op, type Value } from "../graph.ts";
import { expandLike } from "./expand.ts";

/** Sum over axes, which stay as dimensions of 1. */
export const reduceSumOp: Op<{ axes: readonly number[] }> = {
  name: "reduceSum",
  infer: ([x], { axes }) => [
    { dtype: x!.dtype, shape: x!.shape.map((dim, i) => (axes.includes(i) ? 1 : dim)) },
  ],
  emit: (emitter, { inputs: [x], outputs: [y], attributes }) =>
    emitter.node("ReduceSum", [emitter.name(x!), emitter.int64s(attributes.axes)], [emitter.name(y!)], {
      attributes: { keepdims: { i: 1 } },
    }),
  // y = Σ x: x̄ = ȳ, broadcast
  vjp: ({ inputs: [x] }, [dy]) => [expandLike(dy!, x!)],
  cheap: true,
  samples: [
    { inputs: [{ shape: [3, 4] }], attributes: { axes: [1] } },
    { inputs: [{ shape: [2, 3, 4] }], attributes: { axes: [0, 2] } },
  ],
};

export function reduceSum(x: Value, axes: readonly number[]): Value {
  return apply1(reduceSumOp, [x], { axes });
}
