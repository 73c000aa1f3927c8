import { apply1, type Op, type Value } from "../graph/graph.ts";
import { emitAs, inferSame } from "./elementwise.ts";
import { mul, scale } from "./mul.ts";

export const reciprocalOp: Op<Record<string, never>> = {
  name: "reciprocal",
  infer: inferSame,
  emit: emitAs("Reciprocal"),
  // y = 1 / x: x̄ = −ȳ ∘ y²
  vjp: ({ outputs: [y] }, [dy]) => [scale(mul(dy!, mul(y!, y!)), -1)],
  cheap: true,
  samples: [{ inputs: [{ shape: [3, 4], positive: true }], attributes: {} }],
};

export function reciprocal(x: Value): Value {
  return apply1(reciprocalOp, [x], {});
}
