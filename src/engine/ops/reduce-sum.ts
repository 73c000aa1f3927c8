import { apply1, type Op, type Value } from "../graph/graph.ts";
import { expandLike } from "./expand.ts";

/** Sum over axes. They keep a size of 1, or are dropped, which only leading axes can be. */
export const reduceSumOp: Op<{ axes: readonly number[]; drop: boolean }> = {
  name: "reduceSum",
  infer: ([x], { axes, drop }) => [
    {
      dtype: x!.dtype,
      shape: drop ? x!.shape.slice(axes.length) : x!.shape.map((dim, i) => (axes.includes(i) ? 1 : dim)),
    },
  ],
  emit: (emitter, { inputs: [x], outputs: [y], attributes }) =>
    emitter.node("ReduceSum", [emitter.name(x!), emitter.int64s(attributes.axes)], [emitter.name(y!)], {
      attributes: { keepdims: { i: Number(!attributes.drop) } },
    }),
  // y = Σ x: x̄ = ȳ, broadcast
  vjp: ({ inputs: [x] }, [dy]) => [expandLike(dy!, x!)],
  cheap: true,
  samples: [
    { inputs: [{ shape: [3, 4] }], attributes: { axes: [1], drop: false } },
    { inputs: [{ shape: [2, 3, 4] }], attributes: { axes: [0, 2], drop: false } },
    { inputs: [{ shape: [2, 3, 4] }], attributes: { axes: [0, 1], drop: true } },
  ],
};

export function reduceSum(x: Value, axes: readonly number[]): Value {
  return apply1(reduceSumOp, [x], { axes, drop: false });
}

/** Sum over the first `count` axes, which are dropped. */
export function reduceLeading(x: Value, count: number): Value {
  const axes = Array.from({ length: count }, (_, i) => i);
  return apply1(reduceSumOp, [x], { axes, drop: true });
}
