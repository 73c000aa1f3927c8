import { ShapeError } from "../../errors.ts";
import { apply1, type Op, type Value } from "../graph/graph.ts";
import { type Dim, type Shape, showShape } from "../graph/shape.ts";

/** The same elements in another shape. At most one size is a symbol, and it is the same in both shapes. */
export const reshapeOp: Op<{ shape: readonly Dim[] }> = {
  name: "reshape",
  infer: ([x], { shape }) => {
    const symbols = (dims: Shape) => dims.filter((dim) => typeof dim === "string").join();
    const size = (dims: Shape) => dims.reduce<number>((n, dim) => (typeof dim === "number" ? n * dim : n), 1);
    const symbol = symbols(x!.shape);
    if (symbol.includes(",") || symbol !== symbols(shape) || size(x!.shape) !== size(shape)) {
      throw new ShapeError(
        "reshape: expected a shape of as many elements and at most one symbol, " +
          `got ${showShape(x!.shape)} to ${showShape(shape)}`,
      );
    }
    return [{ dtype: x!.dtype, shape }];
  },
  emit: (emitter, { inputs: [x], outputs: [y], attributes }) => {
    const dims = attributes.shape.map((dim) => (typeof dim === "number" ? dim : -1));
    emitter.node("Reshape", [emitter.name(x!), emitter.int64s(dims)], [emitter.name(y!)]);
  },
  vjp: ({ inputs: [x] }, [dy]) => [reshape(dy!, x!.shape)],
  cheap: true,
  samples: [{ inputs: [{ shape: [3, 4] }], attributes: { shape: [2, 6] } }],
};

/** Throws ShapeError where the numbers of elements differ. */
export function reshape(x: Value, shape: Shape): Value {
  return apply1(reshapeOp, [x], { shape });
}
