import { apply1, type Op, type Value } from "../graph/graph.ts";
import { unpick } from "./unpick.ts";

/** y[m] = x[m, ids[m]]: one element of each row. x [M, V], ids int32 [M, 1] → [M, 1]. */
export const pickOp: Op<Record<string, never>> = {
  name: "pick",
  infer: ([x]) => [{ dtype: x!.dtype, shape: [x!.shape[0]!, 1] }],
  emit: (emitter, { inputs: [x, ids], outputs: [y] }) =>
    emitter.node("GatherElements", [emitter.name(x!), emitter.name(ids!)], [emitter.name(y!)], {
      attributes: { axis: { i: 1 } },
    }),
  // x̄ is ȳ at the ids and 0 elsewhere
  vjp: ({ inputs: [x, ids] }, [dy]) => [unpick(dy!, ids!, x!), null],
  cheap: true,
  samples: [{ inputs: [{ shape: [3, 5] }, { shape: [3, 1], below: 5 }], attributes: {} }],
};

export function pick(x: Value, ids: Value): Value {
  return apply1(pickOp, [x, ids], {});
}
