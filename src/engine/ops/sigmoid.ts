import { apply1, type Op, type Value } from "../graph/graph.ts";
import { emitAs, inferSame } from "./elementwise.ts";
import { mul } from "./mul.ts";
import { sub } from "./sub.ts";

export const sigmoidOp: Op<Record<string, never>> = {
  name: "sigmoid",
  infer: inferSame,
  emit: emitAs("Sigmoid"),
  // y = σ(x): x̄ = ȳ ∘ (y − y²)
  vjp: ({ outputs: [y] }, [dy]) => [mul(dy!, sub(y!, mul(y!, y!)))],
  cheap: true,
  samples: [{ inputs: [{ shape: [3, 4] }], attributes: {} }],
};

export function sigmoid(x: Value): Value {
  return apply1(sigmoidOp, [x], {});
}
