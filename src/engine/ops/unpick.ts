import { apply1, type Op, type Value } from "../graph/graph.ts";
import { pick } from "./pick.ts";

/**
 * The transpose of pick: y[m, ids[m]] = x[m, 0], 0 elsewhere.
 * x [M, 1], ids int32 [M, 1], like [M, V] → [M, V].
 */
export const unpickOp: Op<Record<string, never>> = {
  name: "unpick",
  infer: ([x, , like]) => [{ dtype: x!.dtype, shape: like!.shape }],
  emit: (emitter, { inputs: [x, ids, like], outputs: [y] }) => {
    const shape = emitter.fresh();
    const zeros = emitter.fresh();
    emitter.node("Shape", [emitter.name(like!)], [shape]);
    emitter.node("Expand", [emitter.float32(0), shape], [zeros]);
    emitter.node("ScatterElements", [zeros, emitter.name(ids!), emitter.name(x!)], [emitter.name(y!)], {
      attributes: { axis: { i: 1 } },
    });
  },
  vjp: ({ inputs: [, ids] }, [dy]) => [pick(dy!, ids!), null, null],
  cheap: true,
  samples: [{ inputs: [{ shape: [3, 1] }, { shape: [3, 1], below: 5 }, { shape: [3, 5] }], attributes: {} }],
};

export function unpick(x: Value, ids: Value, like: Value): Value {
  return apply1(unpickOp, [x, ids, like], {});
}
