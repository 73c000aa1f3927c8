import { ShapeError } from "../../errors.ts";
import { apply1, type Op, type Value } from "../graph/graph.ts";
import { type Dim, showShape } from "../graph/shape.ts";
import { slice } from "./slice.ts";

/**
 * Values one after the other along an axis. At most one of its sizes is a symbol, S, and their sum is then
 * "S+n".
 */
export const concatOp: Op<{ axis: number }> = {
  name: "concat",
  infer: (inputs, { axis }) => {
    const [first] = inputs;
    const fits = inputs.every(
      ({ shape }) =>
        shape.length === first!.shape.length &&
        shape.every((dim, i) => i === axis || dim === first!.shape[i]),
    );
    const dims = inputs.map(({ shape }) => shape[axis]!);
    const symbols = dims.filter((dim) => typeof dim === "string");
    if (!fits || symbols.length > 1) {
      const got = inputs.map(({ shape }) => showShape(shape)).join(", ");
      throw new ShapeError(
        `concat: expected shapes that differ on axis ${axis} only, one symbol there, got ${got}`,
      );
    }
    const size = dims.reduce<number>((n, dim) => (typeof dim === "number" ? n + dim : n), 0);
    const dim: Dim = symbols[0] === undefined ? size : size === 0 ? symbols[0] : `${symbols[0]}+${size}`;
    return [{ dtype: first!.dtype, shape: first!.shape.with(axis, dim) }];
  },
  emit: (emitter, { inputs, outputs: [y], attributes: { axis } }) =>
    emitter.node(
      "Concat",
      inputs.map((input) => emitter.name(input)),
      [emitter.name(y!)],
      { attributes: { axis: { i: axis } } },
    ),
  // Each input's cotangent is its own part of ȳ, counted from the start, and behind a symbol from the end.
  vjp: ({ inputs, attributes: { axis } }, [dy]) => {
    const dims = inputs.map(({ shape }) => shape[axis]!);
    const before = (i: number) => dims.slice(0, i);
    const after = (i: number) => dims.slice(i + 1);
    const isKnown = (part: readonly Dim[]) => part.every((dim) => typeof dim === "number");
    const size = (part: readonly Dim[]) => part.reduce<number>((n, dim) => n + (dim as number), 0);
    return inputs.map((_, i) => {
      const start = isKnown(before(i)) ? size(before(i)) : -size([dims[i]!, ...after(i)]);
      const end = isKnown(after(i)) ? -size(after(i)) : size([...before(i), dims[i]!]);
      return slice(dy!, axis, start, end);
    });
  },
  cheap: true,
  samples: [
    { inputs: [{ shape: [2, 3] }, { shape: [2, 1] }], attributes: { axis: 1 } },
    { inputs: [{ shape: [1, 2] }, { shape: [3, 2] }, { shape: [2, 2] }], attributes: { axis: 0 } },
  ],
};

/** Throws ShapeError where shapes differ on another axis. */
export function concat(inputs: readonly Value[], axis: number): Value {
  return inputs.length === 1 ? inputs[0]! : apply1(concatOp, inputs, { axis });
}
