import { apply1, type Op, type Value } from "../graph/graph.ts";
import { emitAs, inferSame } from "./elementwise.ts";
import { mul } from "./mul.ts";
import { reciprocal } from "./reciprocal.ts";

export const logOp: Op<Record<string, never>> = {
  name: "log",
  infer: inferSame,
  emit: emitAs("Log"),
  // y = ln x: x̄ = ȳ / x
  vjp: ({ inputs: [x] }, [dy]) => [mul(dy!, reciprocal(x!))],
  cheap: true,
  samples: [{ inputs: [{ shape: [3, 4], positive: true }], attributes: {} }],
};

export function log(x: Value): Value {
  return apply1(logOp, [x], {});
}
