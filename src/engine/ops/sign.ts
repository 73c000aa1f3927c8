import { onnxTypes } from "../graph/dtype.ts";
import { apply1, type Op, type Value } from "../graph/graph.ts";
import { inferSame } from "./elementwise.ts";
import { scale } from "./mul.ts";

/**
 * −1, 0 or 1. Emitted as (x > 0) − (x < 0): ONNX Runtime has no Sign on WebGPU and would bring x to the host
 * for it.
 */
export const signOp: Op<Record<string, never>> = {
  name: "sign",
  infer: inferSame,
  emit(emitter, { inputs: [x], outputs: [y] }) {
    const zero = emitter.float32(0);
    const sides = ["Greater", "Less"].map((comparison) => {
      const [isSo, asNumber] = [emitter.fresh(), emitter.fresh()];
      emitter.node(comparison, [emitter.name(x!), zero], [isSo]);
      emitter.node("Cast", [isSo], [asNumber], { attributes: { to: { i: onnxTypes.float32 } } });
      return asNumber;
    });
    emitter.node("Sub", sides, [emitter.name(y!)]);
  },
  // y = sign x is flat beside 0: x̄ = 0
  vjp: (_, [dy]) => [scale(dy!, 0)],
  cheap: true,
  samples: [{ inputs: [{ shape: [3, 4] }], attributes: {} }],
};

export function sign(x: Value): Value {
  return apply1(signOp, [x], {});
}
