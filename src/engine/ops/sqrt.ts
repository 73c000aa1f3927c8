import { apply1, type Op, type Value } from "../graph/graph.ts";
import { emitAs, inferSame } from "./elementwise.ts";
import { mul, scale } from "./mul.ts";
import { reciprocal } from "./reciprocal.ts";

export const sqrtOp: Op<Record<string, never>> = {
  name: "sqrt",
  infer: inferSame,
  emit: emitAs("Sqrt"),
  // y = √x: x̄ = ȳ / 2y
  vjp: ({ outputs: [y] }, [dy]) => [mul(dy!, scale(reciprocal(y!), 0.5))],
  cheap: true,
  samples: [{ inputs: [{ shape: [3, 4], positive: true }], attributes: {} }],
};

export function sqrt(x: Value): Value {
  return apply1(sqrtOp, [x], {});
}
