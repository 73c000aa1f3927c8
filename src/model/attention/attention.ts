import type { Device, Tensor } from "../../engine/device.ts";
import { type Definition, differentiable } from "../../engine/graph/differentiable.ts";
import type { Graph } from "../../engine/graph/graph.ts";
import { attention } from "../../engine/ops/attention.ts";
import type { ZebraConfig } from "../config/config.ts";
import { compileLongAttention, type Sides } from "./attention-by-head.ts";
import { MaskCache } from "./tile-masks.ts";
import { type Spans, type Tile, tileArea, tiles } from "./tiles.ts";

/**
 * Attention as a schedule of tiles (see tiles.ts): all heads of a tile in one run, or head by head in long
 * segments of global layers. Shapes: see network.ts.
 */
export interface Attention {
  /** q [T, N·H], k and v [T, K·H] → o [T, N·H]; with `from`, q and o have T − from rows. */
  forward(q: Tensor, k: Tensor, v: Tensor, spans: Spans): Promise<Tensor>;
  /** The same, with all that the backward pass needs of it. */
  forwardKeeping(q: Tensor, k: Tensor, v: Tensor, spans: Spans): Promise<Attended>;
  /**
   * Takes dO [T, N·H], the cotangent of o, to those of q [T, N·H], k and v [T, K·H]. Computes the
   * probabilities again. `spans` has no `from`.
   */
  backward(
    forward: Sides & Attended,
    dO: Tensor,
    spans: Spans,
  ): Promise<{ dq: Tensor; dk: Tensor; dv: Tensor }>;
}

/** What attention made of queries, keys and values. */
export interface Attended {
  /** [T, N·H] */
  o: Tensor;
  /** log Σ exp(scores) of queries in long segments, [N, T, 1]; null where there are none. */
  lse: Tensor | null;
}

export async function compileAttention(device: Device, config: ZebraConfig): Promise<Attention> {
  const heads = config.num_attention_heads;
  const tile = await differentiable(device, "attention tile", (graph) => defineTile(graph, config));
  const masks = new MaskCache(device);
  const long = await compileLongAttention(device, config, masks);

  /** A tile's rows of what is given. */
  const cut = ({ queryStart, queryEnd, keyStart }: Tile, from = 0) => ({
    queries: (x: Tensor) => device.rows(x, queryStart - from, queryEnd - from),
    keys: (x: Tensor) => device.rows(x, keyStart, queryEnd),
  });

  const attention: Attention = {
    async forward(q, k, v, spans) {
      const { o, lse } = await attention.forwardKeeping(q, k, v, spans);
      if (lse) device.release(lse);
      return o;
    },

    async forwardKeeping(q, k, v, spans) {
      const { from = 0, window } = spans;
      const o = device.empty(q.shape);
      const [byHead, together] = split(largestFirst(spans, heads));
      const lse = byHead.length > 0 ? await long.forward({ q, k, v }, o, byHead, from) : null;
      for (const one of together) {
        const { queries, keys } = cut(one, from);
        const feeds = { q: queries(q), k: keys(k), v: keys(v), ...masks.get(one, window) };
        await tile.forward.run(feeds, { o: queries(o) });
      }
      return { o, lse };
    },

    async backward({ q, k, v, o, lse }, dO, spans) {
      const dx = { q: device.empty(q.shape), k: device.zeros(k.shape), v: device.zeros(v.shape) };
      const [byHead, together] = split(largestFirst(spans, heads));
      // First, because it writes all rows of dx: tiles of other segments then overwrite or add to theirs.
      if (lse) await long.backward({ q, k, v, o, lse }, dO, byHead, dx);
      for (const one of together) {
        const { queries, keys } = cut(one);
        const feeds = { q: queries(q), k: keys(k), v: keys(v), ...masks.get(one, spans.window) };
        const cotangents = { "kept.0": queries(o), "d.o": queries(dO), "g.k": keys(dx.k), "g.v": keys(dx.v) };
        const into = { "grad.q": queries(dx.q), "s.k": keys(dx.k), "s.v": keys(dx.v) };
        await tile.backward!.run({ ...feeds, ...cotangents }, into);
      }
      return { dq: dx.q, dk: dx.k, dv: dx.v };
    },
  };
  return attention;
}

/** Largest first, so that the memory the first tile took serves all others. */
function largestFirst(spans: Spans, heads: number): Tile[] {
  return [...tiles(spans, heads)].sort((a, b) => tileArea(b) - tileArea(a));
}

function split(all: readonly Tile[]): [byHead: Tile[], together: Tile[]] {
  return [all.filter(({ byHead }) => byHead), all.filter(({ byHead }) => !byHead)];
}

/**
 * Q queries and S keys of one tile. Keys and values of a tile get gradients of several tiles, so they are
 * sums.
 */
function defineTile(graph: Graph, config: ZebraConfig): Definition {
  const { num_attention_heads: heads, num_key_value_heads: keyHeads, head_dim: H } = config;
  const q = graph.input("q", ["Q", heads * H]);
  const k = graph.input("k", ["S", keyHeads * H]);
  const v = graph.input("v", ["S", keyHeads * H]);
  const visible = {
    mask: graph.input("mask", ["Q", "S"]),
    seesSeveral: graph.input("seesSeveral", ["Q", 1]),
  };
  const o = attention(q, k, v, { heads, keyHeads }, visible);
  return { outputs: { o }, active: { q }, trained: { k, v } };
}
