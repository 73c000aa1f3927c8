import type * as Tfjs from "@tensorflow/tfjs-core";
import type { Attributes, Node, Op } from "../graph/graph.ts";
import type { ops } from "../ops/index.ts";

export type Tf = typeof Tfjs;
type T = Tfjs.Tensor;

type Interpreter<A extends Attributes> = (tf: Tf, inputs: readonly T[], attributes: A) => T;
type AttributesOf<O> = O extends Op<infer A> ? A : never;

/**
 * Every op in operations of TensorFlow.js: a second implementation, which shares no code with the ONNX one.
 */
export const interpreters: { [K in keyof typeof ops]: Interpreter<AttributesOf<(typeof ops)[K]>> } = {
  add: (tf, [a, b]) => tf.add(a!, b!),
  attention(tf, [q, k, v, mask], { heads, keyHeads }) {
    const [queries, width] = q!.shape as [number, number];
    const keys = k!.shape[0]!;
    const H = width / heads;
    const groups = heads / keyHeads;
    const split = (x: T, g: number): T => {
      const rows = x.shape[0]!;
      const parts = tf.transpose(tf.reshape(x, [rows, keyHeads, g, H]), [1, 2, 0, 3]);
      return tf.reshape(parts, [keyHeads, g * rows, H]);
    };
    const product = tf.matMul(split(q!, groups), split(k!, 1), false, true);
    const scores = tf.reshape(tf.mul(product, H ** -0.5), [keyHeads, groups, queries, keys]);
    const p = tf.softmax(tf.add(scores, mask!));
    const mixed = tf.matMul(tf.reshape(p, [keyHeads, groups * queries, keys]), split(v!, 1));
    const rows = tf.transpose(tf.reshape(mixed, [keyHeads, groups, queries, H]), [2, 0, 1, 3]);
    return tf.reshape(rows, [queries, width]);
  },
  concat: (tf, inputs, { axis }) => tf.concat([...inputs], axis),
  exp: (tf, [x]) => tf.exp(x!),
  expand: (tf, [x, like]) =>
    tf.broadcastTo(x!, tf.broadcast_util.assertAndGetBroadcastShape(x!.shape, like!.shape)),
  gatherRows: (tf, [x, ids]) => tf.gather(x!, ids as Tfjs.Tensor1D, 0),
  log: (tf, [x]) => tf.log(x!),
  logSoftmax: (tf, [x]) => tf.logSoftmax(x!),
  matmul(tf, [a, b], { transA, transB, alpha }) {
    // The kernels of the WASM and plain JavaScript backends repeat leading axes only where the repeated ones
    // come first.
    const batch = tf.broadcast_util.assertAndGetBroadcastShape(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
    const wide = (x: T): T => tf.broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
    const product = tf.matMul(wide(a!), wide(b!), transA, transB);
    return alpha === 1 ? product : tf.mul(product, alpha);
  },
  mul: (tf, [a, b]) => tf.mul(a!, b!),
  pick: (tf, [x, ids]) => tf.reshape(tf.gatherND(x!, entries(tf, ids!)), ids!.shape),
  reciprocal: (tf, [x]) => tf.reciprocal(x!),
  reduceMax: (tf, [x], { axis }) => tf.max(x!, axis, true),
  reduceMean: (tf, [x]) => tf.mean(x!, -1, true),
  reduceSum: (tf, [x], { axes, drop }) => tf.sum(x!, [...axes], !drop),
  reshape: (tf, [x], { shape }) =>
    tf.reshape(
      x!,
      shape.map((dim) => (typeof dim === "number" ? dim : -1)),
    ),
  rmsNorm(tf, [x, w], { eps }) {
    const r = tf.rsqrt(tf.add(tf.mean(tf.square(x!), -1, true), eps));
    return tf.mul(tf.mul(x!, r), w!);
  },
  rope(tf, [x, positions, cos, sin]) {
    const [rows, width] = x!.shape as [number, number];
    const half = cos!.shape[1]!;
    const heads = width / (2 * half);
    const angles = (table: T): T =>
      tf.reshape(tf.gather(table, positions as Tfjs.Tensor1D, 0), [rows, 1, half]);
    const [c, s] = [angles(cos!), angles(sin!)];
    const parts = tf.reshape(x!, [rows, heads, 2 * half]);
    const a = tf.slice(parts, [0, 0, 0], [rows, heads, half]);
    const b = tf.slice(parts, [0, 0, half], [rows, heads, half]);
    const turned = [tf.sub(tf.mul(a, c), tf.mul(b, s)), tf.add(tf.mul(b, c), tf.mul(a, s))];
    return tf.reshape(tf.concat(turned, 2), [rows, width]);
  },
  scatterAddRows: (tf, [base, ids, x]) =>
    tf.add(base!, tf.scatterND(tf.reshape(ids!, [-1, 1]), x!, base!.shape)),
  sigmoid: (tf, [x]) => tf.sigmoid(x!),
  sign: (tf, [x]) => tf.sign(x!),
  silu: (tf, [x]) => tf.mul(x!, tf.sigmoid(x!)),
  slice(tf, [x], { axis, start, end }) {
    const dim = x!.shape[axis]!;
    const [from, to] = [start < 0 ? dim + start : start, end <= 0 ? dim + end : end];
    return tf.slice(
      x!,
      x!.shape.map((_, i) => (i === axis ? from : 0)),
      x!.shape.map((size, i) => (i === axis ? to - from : size)),
    );
  },
  softmax: (tf, [x]) => tf.softmax(x!),
  sqrt: (tf, [x]) => tf.sqrt(x!),
  sub: (tf, [a, b]) => tf.sub(a!, b!),
  transpose: (tf, [x], { perm }) => tf.transpose(x!, [...perm]),
  unpick: (tf, [x, ids, like]) =>
    tf.scatterND(entries(tf, ids!), tf.reshape(x!, [-1]), like!.shape as [number, number]),
};

/** Index pairs (m, ids[m]): ids int32 [M, 1] → int32 [M, 2]. */
function entries(tf: Tf, ids: T): T {
  const rows = tf.range(0, ids.shape[0]!, 1, "int32");
  return tf.concat([tf.reshape(rows, [-1, 1]), ids], 1);
}

/** The output of a node, given its inputs. */
export function interpretNode(tf: Tf, node: Node, inputs: readonly T[]): T {
  // The table's type makes an interpreter take the attributes of its op, and a node has those of its op.
  const interpret = interpreters[node.op.name as keyof typeof ops] as Interpreter<Attributes>;
  return interpret(tf, inputs, node.attributes);
}
