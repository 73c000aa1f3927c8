import { apply1, type Op, type Value } from "../graph/graph.ts";
import { mul } from "./mul.ts";
import { scatterAddRows } from "./scatter-add-rows.ts";

/** y[i] = x[ids[i]]. x [R, D], ids int32 [M] → [M, D]: an embedding, or a choice of tokens. */
export const gatherRowsOp: Op<Record<string, never>> = {
  name: "gatherRows",
  infer: ([x, ids]) => [{ dtype: x!.dtype, shape: [ids!.shape[0]!, ...x!.shape.slice(1)] }],
  emit: (emitter, { inputs: [x, ids], outputs: [y] }) =>
    emitter.node("Gather", [emitter.name(x!), emitter.name(ids!)], [emitter.name(y!)], {
      attributes: { axis: { i: 0 } },
    }),
  // x̄[r] = Σ over i with ids[i] = r of ȳ[i]
  vjp: ({ inputs: [x, ids] }, [dy]) => [scatterAddRows(mul(x!, x!.graph.constant(0)), ids!, dy!), null],
  cheap: true,
  samples: [{ inputs: [{ shape: [5, 3] }, { shape: [4], below: 5 }], attributes: {} }],
};

export function gatherRows(x: Value, ids: Value): Value {
  return apply1(gatherRowsOp, [x, ids], {});
}
