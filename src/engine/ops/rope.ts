import { ShapeError } from "../../errors.ts";
import { apply1, type Op, type Value } from "../graph/graph.ts";
import { showShape } from "../graph/shape.ts";
import { scale } from "./mul.ts";

/**
 * Rotary positions in Llama's half-split form. x [T, N·H], positions int32 [T], cos and sin [P, H/2]
 * (row p holds the angles of position p): in each head, with halves a and b of the H entries,
 * (a, b) → (a cos − b sin, b cos + a sin).
 * Source: Su et al., "RoFormer", arXiv 2104.09864; split as in Hugging Face's `rotate_half`.
 */
export const ropeOp: Op<Record<string, never>> = {
  name: "rope",
  infer: ([x, , cos]) => {
    const [width, half] = [x!.shape.at(-1), cos!.shape.at(-1)];
    if (typeof width !== "number" || typeof half !== "number" || width % (2 * half) !== 0) {
      throw new ShapeError(
        `rope: expected [T, N*H] and [P, H/2], got ${showShape(x!.shape)} and ${showShape(cos!.shape)}`,
      );
    }
    return [{ dtype: x!.dtype, shape: x!.shape }];
  },
  emit: (emitter, { inputs: [x, positions, cos, sin], outputs: [y] }) => {
    const batch = emitter.fresh();
    const wide = emitter.fresh();
    const rows = emitter.fresh();
    const rotated = emitter.fresh();
    const axis = emitter.int64s([0]);
    emitter.node("Unsqueeze", [emitter.name(x!), axis], [batch]);
    emitter.cast(emitter.name(positions!), "int64", wide);
    emitter.node("Unsqueeze", [wide, axis], [rows]);
    emitter.node("RotaryEmbedding", [batch, rows, emitter.name(cos!), emitter.name(sin!)], [rotated], {
      domain: "com.microsoft",
    });
    emitter.node("Squeeze", [rotated, axis], [emitter.name(y!)]);
  },
  // a rotation: its transpose turns the other way
  vjp: ({ inputs: [, positions, cos, sin] }, [dy]) => [
    rope(dy!, positions!, cos!, scale(sin!, -1)),
    null,
    null,
    null,
  ],
  cheap: true,
  samples: [
    {
      inputs: [{ shape: [3, 8] }, { shape: [3], below: 6 }, { shape: [6, 2] }, { shape: [6, 2] }],
      attributes: {},
    },
  ],
};

export function rope(x: Value, positions: Value, cos: Value, sin: Value): Value {
  return apply1(ropeOp, [x, positions, cos, sin], {});
}
