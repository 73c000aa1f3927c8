import { apply1, type Op, type Value } from "../graph/graph.ts";

export const transposeOp: Op<{ perm: readonly number[] }> = {
  name: "transpose",
  infer: ([x], { perm }) => [{ dtype: x!.dtype, shape: perm.map((axis) => x!.shape[axis]!) }],
  emit: (emitter, { inputs: [x], outputs: [y], attributes }) =>
    emitter.node("Transpose", [emitter.name(x!)], [emitter.name(y!)], {
      attributes: { perm: { ints: attributes.perm } },
    }),
  // x̄ = ȳ with the inverse permutation
  vjp: ({ attributes: { perm } }, [dy]) => [
    transpose(
      dy!,
      perm.map((_, axis) => perm.indexOf(axis)),
    ),
  ],
  cheap: true,
  samples: [
    { inputs: [{ shape: [3, 4] }], attributes: { perm: [1, 0] } },
    { inputs: [{ shape: [2, 3, 4] }], attributes: { perm: [2, 0, 1] } },
  ],
};

export function transpose(x: Value, perm: readonly number[]): Value {
  return apply1(transposeOp, [x], { perm });
}
