import { apply1, type Op, type Value } from "../graph/graph.ts";
import { broadcastShapes } from "../graph/shape.ts";
import { unbroadcast } from "./elementwise.ts";

/** Broadcasts the first input to the shape of the second, of which only the shape matters. */
export const expandOp: Op<Record<string, never>> = {
  name: "expand",
  infer: ([x, like]) => [{ dtype: x!.dtype, shape: broadcastShapes("expand", x!.shape, like!.shape) }],
  emit: (emitter, { inputs: [x, like], outputs: [y] }) => {
    const shape = emitter.fresh();
    emitter.node("Shape", [emitter.name(like!)], [shape]);
    emitter.node("Expand", [emitter.name(x!), shape], [emitter.name(y!)]);
  },
  vjp: ({ inputs: [x] }, [dy]) => [unbroadcast(dy!, x!), null],
  cheap: true,
  samples: [{ inputs: [{ shape: [3, 1] }, { shape: [3, 4] }], attributes: {} }],
};

export function expandLike(x: Value, like: Value): Value {
  return apply1(expandOp, [x, like], {});
}
