import { apply1, type Op, type Value } from "../graph/graph.ts";
import { emitAs, inferSame } from "./elementwise.ts";
import { mul } from "./mul.ts";

export const expOp: Op<Record<string, never>> = {
  name: "exp",
  infer: inferSame,
  emit: emitAs("Exp"),
  // y = eˣ: x̄ = ȳ ∘ y
  vjp: ({ outputs: [y] }, [dy]) => [mul(dy!, y!)],
  cheap: true,
  samples: [{ inputs: [{ shape: [3, 4] }], attributes: {} }],
};

export function exp(x: Value): Value {
  return apply1(expOp, [x], {});
}
