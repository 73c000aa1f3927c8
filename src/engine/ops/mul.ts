import { apply1, type Op, type Value } from "../graph/graph.ts";
import { emitAs, inferBroadcast, unbroadcast } from "./elementwise.ts";

export const mulOp: Op<Record<string, never>> = {
  name: "mul",
  infer: inferBroadcast("mul"),
  emit: emitAs("Mul"),
  // y = a ∘ b: ā = ȳ ∘ b, b̄ = ȳ ∘ a
  vjp: ({ inputs: [a, b] }, [dy]) => [unbroadcast(mul(dy!, b!), a!), unbroadcast(mul(dy!, a!), b!)],
  cheap: true,
  samples: [
    { inputs: [{ shape: [3, 4] }, { shape: [3, 4] }], attributes: {} },
    { inputs: [{ shape: [2, 3, 4] }, { shape: [3, 1] }], attributes: {} },
    { inputs: [{ shape: [3, 4] }, { shape: [] }], attributes: {} },
  ],
};

export function mul(a: Value, b: Value): Value {
  return apply1(mulOp, [a, b], {});
}

export function scale(x: Value, factor: number): Value {
  return mul(x, x.graph.constant(factor));
}
