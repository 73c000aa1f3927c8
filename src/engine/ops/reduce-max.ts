import { EngineError } from "../../errors.ts";
import { apply1, type Op, type Value } from "../graph/graph.ts";

/**
 * The largest value along an axis, which keeps a size of 1. It has no gradient, as nothing is trained through
 * it.
 */
export const reduceMaxOp: Op<{ axis: number }> = {
  name: "reduceMax",
  infer: ([x], { axis }) => [{ dtype: x!.dtype, shape: x!.shape.with(axis, 1) }],
  emit: (emitter, { inputs: [x], outputs: [y], attributes: { axis } }) =>
    emitter.node("ReduceMax", [emitter.name(x!), emitter.int64s([axis])], [emitter.name(y!)]),
  vjp: () => {
    throw new EngineError("reduceMax: expected no gradient through it, got one");
  },
  cheap: true,
  samples: [],
};

export function reduceMax(x: Value, axis: number): Value {
  return apply1(reduceMaxOp, [x], { axis });
}
