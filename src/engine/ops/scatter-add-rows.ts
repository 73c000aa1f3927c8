import { apply1, type Op, type Value } from "../graph/graph.ts";
import { gatherRows } from "./gather-rows.ts";

/** y = base, then y[ids[i]] += x[i] for each i. base [R, D], ids int32 [M], x [M, D] → [R, D]. */
export const scatterAddRowsOp: Op<Record<string, never>> = {
  name: "scatterAddRows",
  infer: ([base]) => [{ dtype: base!.dtype, shape: base!.shape }],
  emit: (emitter, { inputs: [base, ids, x], outputs: [y] }) => {
    const wide = emitter.fresh();
    const column = emitter.fresh();
    emitter.cast(emitter.name(ids!), "int64", wide);
    emitter.node("Unsqueeze", [wide, emitter.int64s([1])], [column]);
    emitter.node("ScatterND", [emitter.name(base!), column, emitter.name(x!)], [emitter.name(y!)], {
      attributes: { reduction: { s: "add" } },
    });
  },
  vjp: ({ inputs: [, ids] }, [dy]) => [dy!, null, gatherRows(dy!, ids!)],
  cheap: false,
  // The threads of ONNX Runtime's ScatterND add without a lock: two of them lose updates that share a row.
  serial: true,
  samples: [{ inputs: [{ shape: [5, 3] }, { shape: [4], below: 5 }, { shape: [4, 3] }], attributes: {} }],
};

export function scatterAddRows(base: Value, ids: Value, x: Value): Value {
  return apply1(scatterAddRowsOp, [base, ids, x], {});
}
