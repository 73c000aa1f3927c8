import type { Node, Value } from "../graph/graph.ts";
import { broadcastShapes, type TensorType } from "../graph/shape.ts";
import type { Emitter } from "../onnx/emitter.ts";
import { reduceLeading, reduceSum } from "./reduce-sum.ts";

/** Shape rule of a binary op with numpy's broadcasting; it throws ShapeError. */
export function inferBroadcast(op: string): (inputs: readonly TensorType[]) => TensorType[] {
  return ([a, b]) => [{ dtype: a!.dtype, shape: broadcastShapes(op, a!.shape, b!.shape) }];
}

/** Shape rule of a unary op: the same shape. */
export function inferSame([x]: readonly TensorType[]): TensorType[] {
  return [{ dtype: x!.dtype, shape: x!.shape }];
}

/** Emits one ONNX node of this type, with the op's inputs and outputs. */
export function emitAs(opType: string): (emitter: Emitter, node: Node) => void {
  return (emitter, node) =>
    emitter.node(
      opType,
      node.inputs.map((v) => emitter.name(v)),
      node.outputs.map((v) => emitter.name(v)),
    );
}

/** Sums a cotangent over the axes along which `like` was broadcast. */
export function unbroadcast(cotangent: Value, like: TensorType): Value {
  const lead = cotangent.shape.length - like.shape.length;
  const inner = lead > 0 ? reduceLeading(cotangent, lead) : cotangent;
  const axes = inner.shape.flatMap((dim, i) => (like.shape[i] === 1 && dim !== 1 ? [i] : []));
  return axes.length > 0 ? reduceSum(inner, axes) : inner;
}
