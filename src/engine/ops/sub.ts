import { apply1, type Op, type Value } from "../graph/graph.ts";
import { emitAs, inferBroadcast, unbroadcast } from "./elementwise.ts";
import { scale } from "./mul.ts";

export const subOp: Op<Record<string, never>> = {
  name: "sub",
  infer: inferBroadcast("sub"),
  emit: emitAs("Sub"),
  // y = a − b: ā = ȳ, b̄ = −ȳ
  vjp: ({ inputs: [a, b] }, [dy]) => [unbroadcast(dy!, a!), scale(unbroadcast(dy!, b!), -1)],
  cheap: true,
  samples: [
    { inputs: [{ shape: [3, 4] }, { shape: [3, 4] }], attributes: {} },
    { inputs: [{ shape: [3, 4] }, { shape: [3, 1] }], attributes: {} },
  ],
};

export function sub(a: Value, b: Value): Value {
  return apply1(subOp, [a, b], {});
}
