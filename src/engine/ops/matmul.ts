import { ShapeError } from "../../errors.ts";
import { apply1, type Op, type Value } from "../graph/graph.ts";
import { broadcastShapes, type Shape, showShape } from "../graph/shape.ts";
import { unbroadcast } from "./elementwise.ts";

type MatMulAttributes = { transA: boolean; transB: boolean; alpha: number };

const swapped = (shape: Shape, swap: boolean): Shape =>
  swap ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape;

/**
 * alpha · op(A) · op(B) over the last two axes, where op transposes if asked: [.., m, k] and [.., k, n] →
 * [.., m, n]. Leading axes broadcast. ONNX Runtime's FusedMatMul does this without moving data.
 */
export const matmulOp: Op<MatMulAttributes> = {
  name: "matmul",
  infer: ([a, b], { transA, transB }) => {
    const left = swapped(a!.shape, transA);
    const right = swapped(b!.shape, transB);
    if (left.length < 2 || right.length < 2 || left.at(-1) !== right.at(-2)) {
      throw new ShapeError(
        `matmul: expected [.., m, k] and [.., k, n], got ${showShape(left)} and ${showShape(right)}`,
      );
    }
    const batch = broadcastShapes("matmul", left.slice(0, -2), right.slice(0, -2));
    return [{ dtype: a!.dtype, shape: [...batch, left.at(-2)!, right.at(-1)!] }];
  },
  emit: (emitter, { inputs, outputs: [y], attributes: { transA, transB, alpha } }) => {
    const names = inputs.map((input) => emitter.name(input));
    if (!transA && !transB && alpha === 1) emitter.product("MatMul", names, emitter.name(y!));
    else {
      emitter.product("FusedMatMul", names, emitter.name(y!), {
        domain: "com.microsoft",
        attributes: { transA: { i: Number(transA) }, transB: { i: Number(transB) }, alpha: { f: alpha } },
      });
    }
  },
  // Y = α A B: Ā = α Ȳ Bᵀ, B̄ = α Aᵀ Ȳ; the other forms follow by transposing both sides
  vjp: ({ inputs: [a, b], attributes: { transA, transB, alpha } }, [dy]) => {
    const da = transA
      ? matmul(b!, dy!, { transA: transB, transB: true, alpha })
      : matmul(dy!, b!, { transB: !transB, alpha });
    const db = transB
      ? matmul(dy!, a!, { transA: true, transB: transA, alpha })
      : matmul(a!, dy!, { transA: !transA, alpha });
    return [unbroadcast(da, a!), unbroadcast(db, b!)];
  },
  cheap: false,
  samples: [
    {
      inputs: [{ shape: [3, 4] }, { shape: [4, 5] }],
      attributes: { transA: false, transB: false, alpha: 1 },
    },
    {
      inputs: [{ shape: [3, 4] }, { shape: [5, 4] }],
      attributes: { transA: false, transB: true, alpha: 0.5 },
    },
    { inputs: [{ shape: [4, 3] }, { shape: [4, 5] }], attributes: { transA: true, transB: false, alpha: 2 } },
    { inputs: [{ shape: [4, 3] }, { shape: [5, 4] }], attributes: { transA: true, transB: true, alpha: 1 } },
    {
      inputs: [{ shape: [2, 3, 3, 4] }, { shape: [2, 1, 5, 4] }],
      attributes: { transA: false, transB: true, alpha: 1 },
    },
  ],
};

/** Throws ShapeError where the inner sizes differ. */
export function matmul(a: Value, b: Value, options: Partial<MatMulAttributes> = {}): Value {
  return apply1(matmulOp, [a, b], { transA: false, transB: false, alpha: 1, ...options });
}
