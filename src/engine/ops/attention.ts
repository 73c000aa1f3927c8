import { ShapeError } from "../../errors.ts";
import { apply1, type Op, type Value } from "../graph/graph.ts";
import { sameShape, showShape } from "../graph/shape.ts";
import { add } from "./add.ts";
import { unbroadcast } from "./elementwise.ts";
import { matmul } from "./matmul.ts";
import { mul } from "./mul.ts";
import { reduceSum } from "./reduce-sum.ts";
import { reshape } from "./reshape.ts";
import { softmax } from "./softmax.ts";
import { sub } from "./sub.ts";
import { transpose } from "./transpose.ts";

type AttentionAttributes = { heads: number; keyHeads: number };

/**
 * For every head h: o_h = softmax(q_h k_gᵀ / √H + mask) v_g, where g is h's key head (grouped queries).
 * q [Q, N·H], k and v [S, K·H], mask [Q, S] → o [Q, N·H]; N heads, K key heads.
 *
 * The backward pass computes the probabilities again, and Σ P ∘ P̄ as Σ ō ∘ o, as FlashAttention does (arXiv
 * 2205.14135), which saves two passes over the scores. Where a query sees one key only, the gradient of its
 * scores is exactly 0. That sum misses it by a rounding error, and AdamW would turn the error into a step of
 * full size. So `seesSeveral` [Q, 1] may come with the mask and multiplies: 1 for queries that see several
 * keys, 0 for those that see one.
 *
 * Sources: arXiv 1706.03762, 2305.13245.
 */
export const attentionOp: Op<AttentionAttributes> = {
  name: "attention",
  infer: ([q, k, v], { heads, keyHeads }) => {
    const [width, keyWidth] = [q!.shape.at(-1), k!.shape.at(-1)];
    const fits =
      typeof width === "number" &&
      width * keyHeads === Number(keyWidth) * heads &&
      sameShape(k!.shape, v!.shape);
    if (!fits || width % heads !== 0 || heads % keyHeads !== 0) {
      const got = [q, k, v].map((x) => showShape(x!.shape)).join(", ");
      throw new ShapeError(`attention: expected q [Q, ${heads}*H], k and v [S, ${keyHeads}*H], got ${got}`);
    }
    return [{ dtype: q!.dtype, shape: q!.shape }];
  },
  emit: (emitter, { inputs: [q, k, v, mask], outputs: [o], attributes }) => {
    const { H, groups } = geometry(q!, attributes);
    const split = (x: Value, g: number): string => {
      const [parts, result] = [emitter.fresh(), emitter.fresh()];
      const shape = emitter.int64s([-1, attributes.keyHeads, g, H]);
      emitter.node("Reshape", [emitter.name(x), shape], [parts]);
      emitter.node("Transpose", [parts], [result], { attributes: { perm: { ints: [1, 2, 0, 3] } } });
      return result;
    };
    // The queries of a group are rows of one product with its key head, which is then read only once.
    const regroup = (x: string, shape: readonly number[]): string => {
      if (groups === 1) return x;
      const result = emitter.fresh();
      emitter.node("Reshape", [x, emitter.int64s(shape)], [result]);
      return result;
    };
    const stacked = [attributes.keyHeads, 1, -1, 0];
    const apart = [attributes.keyHeads, groups, -1, 0];
    const [scores, seen, probabilities, mixed, rows] = Array.from({ length: 5 }, () => emitter.fresh()) as [
      string,
      string,
      string,
      string,
      string,
    ];
    emitter.product("FusedMatMul", [regroup(split(q!, groups), stacked), split(k!, 1)], scores, {
      domain: "com.microsoft",
      attributes: { transB: { i: 1 }, alpha: { f: H ** -0.5 } },
    });
    emitter.node("Add", [regroup(scores, apart), emitter.name(mask!)], [seen]);
    emitter.node("Softmax", [seen], [probabilities], { attributes: { axis: { i: -1 } } });
    emitter.product("MatMul", [regroup(probabilities, stacked), split(v!, 1)], mixed);
    emitter.node("Transpose", [regroup(mixed, apart)], [rows], {
      attributes: { perm: { ints: [2, 0, 1, 3] } },
    });
    emitter.node("Reshape", [rows, emitter.int64s([-1, attributes.heads * H])], [emitter.name(o!)]);
  },
  // v̄ = Pᵀ ō;  P̄ = ō vᵀ;  S̄ = P ∘ (P̄ − Σ ō ∘ o);  q̄ = S̄ k / √H;  k̄ = S̄ᵀ q / √H
  vjp: ({ inputs: [q, k, v, mask, seesSeveral], outputs: [o], attributes }, [dO]) => {
    const { H, groups } = geometry(q!, attributes);
    const { keyHeads: K } = attributes;
    const split = (x: Value, g: number): Value => transpose(reshape(x, [x.shape[0]!, K, g, H]), [1, 2, 0, 3]);
    const join = (x: Value, like: Value): Value => reshape(transpose(x, [2, 0, 1, 3]), like.shape);
    const [qh, kh, vh] = [split(q!, groups), split(k!, 1), split(v!, 1)];
    const [oh, dOh] = [split(o!, groups), split(dO!, groups)]; // [K, G, Q, H]
    const dOs = seesSeveral ? mul(dOh, seesSeveral) : dOh;
    const alpha = H ** -0.5;

    const scores = matmul(qh, kh, { transB: true, alpha }); // [K, G, Q, S]
    const p = softmax(add(scores, mask!));
    const ds = mul(p, sub(matmul(dOs, vh, { transB: true }), reduceSum(mul(dOs, oh), [3])));
    return [
      join(matmul(ds, kh, { alpha }), q!),
      join(unbroadcast(matmul(ds, qh, { transA: true, alpha }), kh), k!),
      join(unbroadcast(matmul(p, dOh, { transA: true }), vh), v!),
      null,
      null,
    ];
  },
  cheap: false,
  samples: [
    {
      inputs: [{ shape: [3, 8] }, { shape: [5, 8] }, { shape: [5, 8] }, { shape: [3, 5] }],
      attributes: { heads: 2, keyHeads: 2 },
    },
    {
      inputs: [{ shape: [3, 8] }, { shape: [5, 4] }, { shape: [5, 4] }, { shape: [3, 5] }],
      attributes: { heads: 4, keyHeads: 2 },
    },
  ],
};

function geometry(q: { shape: readonly (number | string)[] }, { heads, keyHeads }: AttentionAttributes) {
  return { H: (q.shape[1] as number) / heads, groups: heads / keyHeads };
}

/** Throws ShapeError where widths and numbers of heads do not fit. */
export function attention(
  q: Value,
  k: Value,
  v: Value,
  attributes: AttentionAttributes,
  visible: { mask: Value; seesSeveral: Value },
): Value {
  return apply1(attentionOp, [q, k, v, visible.mask, visible.seesSeveral], attributes);
}
