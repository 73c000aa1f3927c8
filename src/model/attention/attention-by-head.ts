import type { Device, Tensor } from "../../engine/device.ts";
import { Graph, type Value } from "../../engine/graph.ts";
import { add } from "../../engine/ops/add.ts";
import { concat } from "../../engine/ops/concat.ts";
import { exp } from "../../engine/ops/exp.ts";
import { log } from "../../engine/ops/log.ts";
import { matmul } from "../../engine/ops/matmul.ts";
import { mul } from "../../engine/ops/mul.ts";
import { reciprocal } from "../../engine/ops/reciprocal.ts";
import { reduceMax } from "../../engine/ops/reduce-max.ts";
import { reduceSum } from "../../engine/ops/reduce-sum.ts";
import { reshape } from "../../engine/ops/reshape.ts";
import { softmax } from "../../engine/ops/softmax.ts";
import { sub } from "../../engine/ops/sub.ts";
import { compile, type Program } from "../../engine/program.ts";
import type { ZebraConfig } from "../config/config.ts";
import type { Tile } from "./attention.ts";
import type { MaskCache } from "./tile-masks.ts";

/**
 * Attention of long segments, a head after the other. The keys of a tile are cut into blocks, so that the scores of
 * one stay in the cache of a core, forth and back (measured by `npm run bench -- layer`):
 *
 *   keys   │ block │ block │ last │     every query sees all of a block, but for the last, which has the mask
 *
 * Forward, each block gives what attention to it alone would, o_b, and ℓ_b = log Σ exp(scores); the tile's are
 * o = Σ_b softmax(ℓ)_b o_b and ℓ = log Σ_b exp(ℓ_b). Backward, ℓ alone makes the probabilities of any block again,
 * P = exp(scores − ℓ), as in FlashAttention (arXiv 2205.14135).
 * Legend: N heads, K key heads, T tokens, Q and S queries and keys of a block, H head dim. All [heads, T, …] here.
 */
export interface LongAttention {
  /** q [N, T, H], k, v [K, T, H] → writes rows of o [N, T, H] and lse [N, T, 1]. */
  forward(x: HeadsApart, into: { o: Tensor; lse: Tensor }, tile: LongTile): Promise<void>;
  /** Adds to dq, dk and dv, from `dot` [N, T, 1], Σ ō ∘ o of every query. */
  backward(x: HeadsApart & Backward, sums: HeadsApart, tile: LongTile): Promise<void>;
  /** ō, o [N, T, H] → [N, T, 1]. */
  dot(dO: Tensor, o: Tensor): Promise<Tensor>;
}

export interface HeadsApart {
  q: Tensor;
  k: Tensor;
  v: Tensor;
}

interface Backward {
  dO: Tensor;
  lse: Tensor;
  dot: Tensor;
}

/** A tile, and where rows of queries begin: at the token `from`. */
export interface LongTile extends Tile {
  from: number;
}

/** Queries of a tile whose heads take turns, and keys of a block. */
export const blockQueries = 512;
export const blockKeys = 1024;

/** Keys of a tile's blocks, half-open. All but the last lie before its first query; the last has a key that every query sees. */
export function* keyBlocks({
  queryStart,
  queryEnd,
  keyStart,
}: Tile): Generator<[start: number, end: number]> {
  let start = keyStart;
  for (; start + blockKeys <= queryStart; start += blockKeys) yield [start, start + blockKeys];
  yield [start, queryEnd];
}

export async function compileLongAttention(
  device: Device,
  config: ZebraConfig,
  masks: MaskCache,
): Promise<LongAttention> {
  const { num_attention_heads: heads, num_key_value_heads: keyHeads } = config;
  const [open, last] = [await compileBlock(device, config, false), await compileBlock(device, config, true)];
  const merge = await compileMerge(device, config);
  const dot = await compileDot(device, config);
  const ones = device.upload(new Float32Array(2 * blockKeys).fill(1), [2 * blockKeys, 1]);

  /** Rows [start, end) of one head. */
  const rowsOf = (x: Tensor, head: number, start: number, end: number): Tensor => {
    const [count, rows, width] = x.shape as [number, number, number];
    const flat = device.reshape(x, [count * rows, width]);
    return device.rows(flat, head * rows + start, head * rows + end);
  };

  /** Every block of a tile, of every head: its programs, and its rows of what is given. */
  function* runs(tile: LongTile) {
    const blocks = [...keyBlocks(tile)];
    for (let head = 0; head < heads; head++) {
      const group = Math.floor((head * keyHeads) / heads);
      const queries = (x: Tensor) => rowsOf(x, head, tile.queryStart - tile.from, tile.queryEnd - tile.from);
      for (const [index, [start, end]] of blocks.entries()) {
        const keys = (x: Tensor) => rowsOf(x, group, start, end);
        const isLast = index === blocks.length - 1;
        yield { index, count: blocks.length, start, end, isLast, queries, keys };
      }
    }
  }

  return {
    async forward(x, { o, lse }, tile) {
      const queries = tile.queryEnd - tile.queryStart;
      let parts: { o: Tensor; lse: Tensor } | undefined;
      for (const run of runs(tile)) {
        const feeds = { q: run.queries(x.q), k: run.keys(x.k), v: run.keys(x.v) };
        const visible = run.isLast ? masks.get({ ...tile, keyStart: run.start }, null) : {};
        const whole = { o: run.queries(o), lse: run.queries(lse) };
        if (run.count === 1) {
          await last.forward.run({ ...feeds, ...visible }, whole);
          continue;
        }
        parts ??= {
          o: device.empty([run.count, queries, config.head_dim]),
          lse: device.empty([run.count, queries, 1]),
        };
        const own = {
          o: rowsOf(parts.o, run.index, 0, queries),
          lse: rowsOf(parts.lse, run.index, 0, queries),
        };
        await (run.isLast ? last : open).forward.run({ ...feeds, ...visible }, own);
        if (run.isLast) await merge.run({ "parts.o": parts.o, "parts.lse": parts.lse }, whole);
      }
      if (parts) device.release(parts.o, parts.lse);
    },

    async backward(x, sums, tile) {
      for (const { start, end, isLast, queries, keys } of runs(tile)) {
        const visible = isLast ? masks.get({ ...tile, keyStart: start }, null) : {};
        // Where queries see earlier blocks too, the mask of the last alone does not tell which see one key only.
        const several =
          start > tile.keyStart ? { several: device.rows(ones, 0, tile.queryEnd - tile.queryStart) } : {};
        const feeds = {
          q: queries(x.q),
          k: keys(x.k),
          v: keys(x.v),
          "d.o": queries(x.dO),
          lse: queries(x.lse),
          dot: queries(x.dot),
          ones: device.rows(ones, 0, end - start),
          ...visible,
          ...several,
          "g.q": queries(sums.q),
          "g.k": keys(sums.k),
          "g.v": keys(sums.v),
        };
        const into = { "s.q": queries(sums.q), "s.k": keys(sums.k), "s.v": keys(sums.v) };
        await (isLast ? last : open).backward.run(feeds, into);
      }
    },

    dot: async (dO, o) => (await dot.run({ "d.o": dO, o })).dot!,
  };
}

/** A block of one head. With `isMasked` mask [Q, S] and several [Q, 1] are fed, see mask.ts. */
async function compileBlock(
  device: Device,
  { head_dim: H }: ZebraConfig,
  isMasked: boolean,
): Promise<{ forward: Program; backward: Program }> {
  const graph = new Graph();
  const q = graph.input("q", ["Q", H]);
  const k = graph.input("k", ["S", H]);
  const v = graph.input("v", ["S", H]);
  const dO = graph.input("d.o", ["Q", H]);
  const lse = graph.input("lse", ["Q", 1]);
  const dot = graph.input("dot", ["Q", 1]);
  const ones = graph.input("ones", ["S", 1]);
  const mask = isMasked ? graph.input("mask", ["Q", "S"]) : null;
  const several = isMasked ? graph.input("several", ["Q", 1]) : null;
  const sum = (name: string, x: Value) => add(graph.input(`g.${name}`, x.shape), x);
  const alpha = H ** -0.5;

  const seen = (scores: Value) => (mask ? add(scores, mask) : scores);
  const moved = (x: Value) => (several ? mul(x, several) : x);
  /** alpha · a bᵀ − c. As one product, a pass over the scores less; not where products round what they are given. */
  const productLess = (a: Value, b: Value, c: Value, alpha: number): Value => {
    if (device.precision !== "float32") return sub(matmul(a, b, { transB: true, alpha }), c);
    const negative = mul(c, graph.constant(-1 / alpha));
    return matmul(concat([a, negative], 1), concat([b, ones], 1), { transB: true, alpha }); // [Q, S]
  };

  const scores = seen(matmul(q, k, { transB: true, alpha })); // [Q, S]
  const own = softmax(scores);
  const forward = { o: matmul(own, v), lse: sub(reduceMax(scores, 1), log(reduceMax(own, 1))) };

  const p = exp(seen(productLess(q, k, lse, alpha))); // [Q, S]
  const ds = mul(p, productLess(moved(dO), v, moved(dot), 1)); // [Q, S]
  const backward = {
    "s.q": sum("q", matmul(ds, k, { alpha })),
    "s.k": sum("k", matmul(ds, q, { transA: true, alpha })),
    "s.v": sum("v", matmul(p, dO, { transA: true })),
  };
  const name = isMasked ? "masked attention block" : "attention block";
  return {
    forward: await compile(device, name, forward),
    backward: await compile(device, `${name} backward`, backward),
  };
}

/** Of P blocks o [P, Q, H] and lse [P, Q, 1] → o [Q, H], lse [Q, 1]. */
function compileMerge(device: Device, { head_dim: H }: ZebraConfig): Promise<Program> {
  const graph = new Graph();
  const o = graph.input("parts.o", ["P", "Q", H]);
  const lse = graph.input("parts.lse", ["P", "Q", 1]);
  const most = reduceMax(lse, 0); // [1, Q, 1]
  const weights = exp(sub(lse, most));
  const total = reduceSum(weights, [0]);
  const mean = mul(reduceSum(mul(weights, o), [0]), reciprocal(total)); // [1, Q, H]
  return compile(device, "merge attention blocks", {
    o: reshape(mean, ["Q", H]),
    lse: reshape(add(most, log(total)), ["Q", 1]),
  });
}

function compileDot(device: Device, { num_attention_heads: N, head_dim: H }: ZebraConfig): Promise<Program> {
  const graph = new Graph();
  const [dO, o] = [graph.input("d.o", [N, "T", H]), graph.input("o", [N, "T", H])];
  return compile(device, "dot of outputs", { dot: reduceSum(mul(dO, o), [2]) });
}
