import type { Device } from "../../engine/device.ts";
import { Graph, type Value } from "../../engine/graph/graph.ts";
import { add } from "../../engine/ops/add.ts";
import { concat } from "../../engine/ops/concat.ts";
import { matmul } from "../../engine/ops/matmul.ts";
import { mul } from "../../engine/ops/mul.ts";
import { reshape } from "../../engine/ops/reshape.ts";
import { slice } from "../../engine/ops/slice.ts";
import { softmax } from "../../engine/ops/softmax.ts";
import { compile, type Program } from "../../engine/program.ts";
import { afterAttention, beforeAttention, byColumn, byRow, type LayerForm, layerScope } from "./layer.ts";

/**
 * Keys and values of a sequence lie in two parts: packed ones, which stay as they are for this many steps,
 * and recent ones, to which every step adds a row. Then the recent ones are packed, too.
 */
export const recentRows = 8;

/**
 * A layer for the next token of each of B sequences, attention included, in one run. The sequences come in
 * groups of `sizes`; the packed rows of a group lie in one tensor, head by head, as products read them
 * fastest.
 *
 * Shapes: see network.ts; and C rows that a sequence has packed, R `recentRows`, n sequences in group g.
 *
 *   x [B, D], positions int32 [B], cos and sin [P, H/2]
 *   packed.k.g, packed.v.g [n, K, C, H]; mask.g [n, 1, 1, C + R]: 0 where a token sees a key, −∞ elsewhere
 *   recent.k, recent.v [B, K, R, H]: zeros in rows that are not filled yet
 *   slot [R, 1]: 1 in the row that this step fills, 0 elsewhere
 *   → y [B, D], and next.k, next.v [B, K, R, H]: the recent rows with the new one
 *
 * The form's `product` is chosen here.
 */
export function compileStep(device: Device, given: LayerForm, sizes: readonly number[]): Promise<Program> {
  const { num_attention_heads: N, num_key_value_heads: K, head_dim: H, hidden_size: D } = given.config;
  const [R, groups] = [recentRows, N / K];
  const B = sizes.reduce((sum, n) => sum + n, 0);
  const graph = new Graph();
  const product = device.packsRight && B > 1 ? byColumn : byRow;
  const scope = layerScope(graph, { ...given, product });
  const x = graph.input("x", [B, D]);
  const { q, k, v } = beforeAttention(scope, x, B);
  const slot = graph.input("slot", [R, 1]);
  const heads = (rows: Value) => reshape(rows, [B, K, 1, H]);
  const nextK = add(graph.input("recent.k", [B, K, R, H]), mul(slot, heads(k)));
  const nextV = add(graph.input("recent.v", [B, K, R, H]), mul(slot, heads(v)));
  const queries = reshape(q, [B, K, groups, H]);
  const alpha = H ** -0.5;
  const recentScores = matmul(queries, nextK, { transB: true, alpha }); // [B, K, G, R]

  const mixed: Value[] = [];
  const recentWeights: Value[] = [];
  let first = 0;
  for (const [g, n] of sizes.entries()) {
    const own = (all: Value) => (n === B ? all : slice(all, 0, first, first + n));
    const packedK = graph.input(`packed.k.${g}`, [n, K, `C${g}`, H]);
    const packedV = graph.input(`packed.v.${g}`, [n, K, `C${g}`, H]);
    const mask = graph.input(`mask.${g}`, [n, 1, 1, `C${g}+${R}`]);
    const packedScores = matmul(own(queries), packedK, { transB: true, alpha }); // [n, K, G, C]
    const p = softmax(add(concat([packedScores, own(recentScores)], 3), mask));
    mixed.push(matmul(slice(p, 3, 0, -R), packedV)); // [n, K, G, H]
    recentWeights.push(slice(p, 3, -R, 0));
    first += n;
  }
  const o = add(concat(mixed, 0), matmul(concat(recentWeights, 0), nextV)); // [B, K, G, H]
  const y = afterAttention(scope, x, reshape(o, [B, N * H]));
  return compile(device, `step of ${sizes}`, { y, "next.k": nextK, "next.v": nextV });
}
