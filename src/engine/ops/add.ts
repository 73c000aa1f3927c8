import { apply1, type Op, type Value } from "../graph/graph.ts";
import { emitAs, inferBroadcast, unbroadcast } from "./elementwise.ts";

export const addOp: Op<Record<string, never>> = {
  name: "add",
  infer: inferBroadcast("add"),
  emit: emitAs("Add"),
  // y = a + b: ā = ȳ, b̄ = ȳ
  vjp: ({ inputs }, [dy]) => inputs.map((input) => unbroadcast(dy!, input)),
  cheap: true,
  samples: [
    { inputs: [{ shape: [3, 4] }, { shape: [3, 4] }], attributes: {} },
    { inputs: [{ shape: [2, 3, 4] }, { shape: [4] }], attributes: {} },
    { inputs: [{ shape: [2, 1, 4] }, { shape: [3, 1] }], attributes: {} },
  ],
};

export function add(a: Value, b: Value): Value {
  return apply1(addOp, [a, b], {});
}
