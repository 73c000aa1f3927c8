import { apply1, type Op, type Value } from "../graph/graph.ts";
import { add } from "./add.ts";
import { inferSame } from "./elementwise.ts";
import { mul } from "./mul.ts";
import { sigmoid } from "./sigmoid.ts";
import { sub } from "./sub.ts";

/** x · σ(x). ONNX Runtime's QuickGelu with alpha 1 is exactly this, in one pass. */
export const siluOp: Op<Record<string, never>> = {
  name: "silu",
  infer: inferSame,
  emit: (emitter, { inputs: [x], outputs: [y] }) =>
    emitter.node("QuickGelu", [emitter.name(x!)], [emitter.name(y!)], {
      domain: "com.microsoft",
      attributes: { alpha: { f: 1 } },
    }),
  // y = x σ: x̄ = ȳ ∘ (σ + y (1 − σ)) = ȳ ∘ (σ + y − y σ)
  vjp: ({ inputs: [x], outputs: [y] }, [dy]) => {
    const s = sigmoid(x!);
    return [mul(dy!, add(s, sub(y!, mul(y!, s))))];
  },
  cheap: true,
  samples: [{ inputs: [{ shape: [3, 5] }], attributes: {} }],
};

export function silu(x: Value): Value {
  return apply1(siluOp, [x], {});
}
