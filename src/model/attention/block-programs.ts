import type { Device } from "../../engine/device.ts";
import { Graph, type Value } from "../../engine/graph/graph.ts";
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

/**
 * The programs of attention by head. Q queries of one head meet S keys of one block (see
 * attention-by-head.ts); H head dim.
 */
export interface BlockPrograms {
  /** A block of which every query sees all keys. */
  open: BlockProgram;
  /** A tile's last block: takes `mask` [Q, S] and `seesSeveral` [Q, 1] as well, see tile-masks.ts. */
  last: BlockProgram;
  /** P blocks `parts.o` [P, Q, H] and `parts.lse` [P, Q, 1] → o [Q, H], lse [Q, 1]. */
  merge: Program;
  /** `d.o` and o [N, T, H] → dot [N, T, 1]: Σ ō ∘ o of every query. */
  dot: Program;
}

export interface BlockProgram {
  /** q [Q, H], k and v [S, H] → o [Q, H] and lse [Q, 1], log Σ exp(scores). */
  forward: Program;
  /**
   * As `forward`, with `d.o` [Q, H], `lse` and `dot` [Q, 1], `ones` [S, 1], and the sums so far `g.q` [Q, H],
   * `g.k` and `g.v` [S, H] → `s.q`, `s.k`, `s.v`: the sums with this block's gradients.
   */
  backward: Program;
}

export async function compileBlocks(device: Device, config: ZebraConfig): Promise<BlockPrograms> {
  return {
    open: await compileBlock(device, config, false),
    last: await compileBlock(device, config, true),
    merge: await compileMerge(device, config),
    dot: await compileDot(device, config),
  };
}

async function compileBlock(
  device: Device,
  { head_dim: H }: ZebraConfig,
  isMasked: boolean,
): Promise<BlockProgram> {
  const graph = new Graph();
  const q = graph.input("q", ["Q", H]);
  const k = graph.input("k", ["S", H]);
  const v = graph.input("v", ["S", H]);
  const dO = graph.input("d.o", ["Q", H]);
  const lse = graph.input("lse", ["Q", 1]);
  const dot = graph.input("dot", ["Q", 1]);
  const ones = graph.input("ones", ["S", 1]);
  const mask = isMasked ? graph.input("mask", ["Q", "S"]) : null;
  const seesSeveral = isMasked ? graph.input("seesSeveral", ["Q", 1]) : null;
  const sum = (name: string, x: Value) => add(graph.input(`g.${name}`, x.shape), x);
  const alpha = H ** -0.5;

  const seen = (scores: Value) => (mask ? add(scores, mask) : scores);
  const moved = (x: Value) => (seesSeveral ? mul(x, seesSeveral) : x);
  /**
   * alpha · a bᵀ − c. One product does it with one pass over the scores less, but not where products round
   * their operands.
   */
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
