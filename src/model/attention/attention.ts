import type { Device, Tensor } from "../../engine/device.ts";
import { type Definition, differentiable } from "../../engine/differentiable.ts";
import type { Graph } from "../../engine/graph.ts";
import { attention } from "../../engine/ops/attention.ts";
import type { ZebraConfig } from "../config/config.ts";
import { blockQueries, compileLongAttention } from "./attention-by-head.ts";
import { compileHeadLayout } from "./head-layout.ts";
import { MaskCache } from "./tile-masks.ts";

/**
 * Attention as a schedule of tiles. A tile is a block of queries of one segment with just the keys that they
 * may see: all before them in a global layer, the window in a local one. So segments are isolated by
 * construction, a local layer costs n·w and a global one Σ nᵢ²/2, and no N×N array exists.
 *
 *   segment 1        segment 2         global: block b sees keys of its segment up to its end
 *   ┌──┐             ┌──┐              local:  block b sees its own and the w − 1 keys before it
 *   │▙ │q0           │▙ │
 *   │█▙│q1           │█▙│
 *   └──┘             └──┘
 */
export interface Attention {
  /** q [T, N·H], k, v [T, K·H] → o [T, N·H]; with `from`, q and o have T − from rows. */
  forward(q: Tensor, k: Tensor, v: Tensor, spans: Spans): Promise<Tensor>;
  /** The same, with all that the backward pass wants of it. */
  forwardKeeping(q: Tensor, k: Tensor, v: Tensor, spans: Spans): Promise<Attended>;
  /** The cotangent of o to those of q, k and v, computing the probabilities again. */
  backward(
    forward: { q: Tensor; k: Tensor; v: Tensor } & Attended,
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

export interface Spans {
  /** Lengths of the segments; they add up to T. */
  segments: readonly number[];
  /** Keys a query sees, itself included; null: all before it. */
  window: number | null;
  /** Of one segment, the first query there is (default 0): rows of q and o begin with it, rows of k and v with key 0. */
  from?: number;
}

export interface Tile {
  /** Queries [queryStart, queryEnd) see keys in [keyStart, queryEnd), each up to itself. */
  queryStart: number;
  queryEnd: number;
  keyStart: number;
  /** Heads one after the other and keys in blocks, see long-attention.ts, rather than all in one run. */
  byHead: boolean;
}

/**
 * Scores of one tile, over all heads. A local tile stays near the cache; a global one, of which every query sees
 * more, is faster in fewer and larger pieces (measured by `npm run bench -- layer`).
 */
const tileScores = { local: 1 << 20, global: 3 << 23 };

/** Segments of a global layer from which heads take turns. Below it, more runs cost more than the cache saves. */
export const byHeadTokens = 4096;

/** The tiles of a layer, segment by segment. Their areas add up to the cost of its attention. */
export function* tiles({ segments, window, from = 0 }: Spans, heads: number): Generator<Tile> {
  let start = 0;
  for (const length of segments) {
    const end = start + length;
    const byHead = window === null && length >= byHeadTokens;
    for (let queryStart = start + from; queryStart < end; ) {
      const seen = Math.min(queryStart - start, window === null ? Infinity : window - 1);
      const queries = byHead ? blockQueries : tileQueries(seen, window, heads);
      const queryEnd = Math.min(queryStart + queries, end);
      yield { queryStart, queryEnd, keyStart: queryStart - seen, byHead };
      queryStart = queryEnd;
    }
    start = end;
  }
}

/** Memory that the first tile took then serves all others. */
function largestFirst(spans: Spans, heads: number): Tile[] {
  const area = (tile: Tile) => (tile.queryEnd - tile.queryStart) * (tile.queryEnd - tile.keyStart);
  return [...tiles(spans, heads)].sort((a, b) => area(b) - area(a));
}

/**
 * Queries b such that b · (seen + b) scores of every head are no more than `tileScores`, a multiple of 32 between 64
 * and 512. A local tile has at most half a window of queries, or most of its scores would be masked.
 */
function tileQueries(seen: number, window: number | null, heads: number): number {
  const scores = tileScores[window === null ? "global" : "local"] / heads;
  const fit = (Math.sqrt(seen * seen + 4 * scores) - seen) / 2;
  const most = Math.min(512, window === null ? 512 : window / 2);
  return Math.max(64, Math.floor(Math.min(fit, most) / 32) * 32);
}

export async function compileAttention(device: Device, config: ZebraConfig): Promise<Attention> {
  const { num_attention_heads: heads, num_key_value_heads: keyHeads } = config;
  const tile = await differentiable(device, "attention tile", (graph) => defineTile(graph, config));
  const layout = await compileHeadLayout(device, config);
  const masks = new MaskCache(device);
  const long = await compileLongAttention(device, config, masks);

  /** A tile's rows of what is given. */
  const cut = ({ queryStart, queryEnd, keyStart }: Tile, from = 0) => ({
    queries: (x: Tensor) => device.rows(x, queryStart - from, queryEnd - from),
    keys: (x: Tensor) => device.rows(x, keyStart, queryEnd),
  });
  const headsApart = async ({ q, k, v }: { q: Tensor; k: Tensor; v: Tensor }) => ({
    q: await layout.apart(q, heads),
    k: await layout.apart(k, keyHeads),
    v: await layout.apart(v, keyHeads),
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
      let lse: Tensor | null = null;
      if (byHead.length > 0) {
        const x = await headsApart({ q, k, v });
        const result = { o: device.empty(x.q.shape), lse: device.empty([heads, q.shape[0]!, 1]) };
        for (const one of byHead) await long.forward(x, result, { ...one, from });
        await layout.together(result.o, o);
        device.release(x.q, x.k, x.v, result.o);
        lse = result.lse;
      }
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
      if (lse) {
        const outputs = { o: await layout.apart(o, heads), dO: await layout.apart(dO, heads) };
        const dot = await long.dot(outputs.dO, outputs.o);
        device.release(outputs.o);
        const x = { ...(await headsApart({ q, k, v })), dO: outputs.dO, dot };
        const sums = { q: device.zeros(x.q.shape), k: device.zeros(x.k.shape), v: device.zeros(x.v.shape) };
        for (const one of byHead) await long.backward({ ...x, lse }, sums, { ...one, from: 0 });
        // Rows of other segments are zeros in k and v, and theirs in q are overwritten.
        for (const side of ["q", "k", "v"] as const) await layout.together(sums[side], dx[side]);
        device.release(...Object.values(x), ...Object.values(sums));
      }
      for (const one of together) {
        const { queries, keys } = cut(one);
        await tile.backward!.run(
          {
            q: queries(q),
            k: keys(k),
            v: keys(v),
            ...masks.get(one, spans.window),
            "kept.0": queries(o),
            "d.o": queries(dO),
            "g.k": keys(dx.k),
            "g.v": keys(dx.v),
          },
          { "grad.q": queries(dx.q), "s.k": keys(dx.k), "s.v": keys(dx.v) },
        );
      }
      return { dq: dx.q, dk: dx.k, dv: dx.v };
    },
  };
  return attention;
}

function split(all: readonly Tile[]): [byHead: Tile[], together: Tile[]] {
  return [all.filter(({ byHead }) => byHead), all.filter(({ byHead }) => !byHead)];
}

function defineTile(graph: Graph, config: ZebraConfig): Definition {
  const { num_attention_heads: heads, num_key_value_heads: keyHeads, head_dim: H } = config;
  const q = graph.input("q", ["Q", heads * H]);
  const k = graph.input("k", ["S", keyHeads * H]);
  const v = graph.input("v", ["S", keyHeads * H]);
  const visible = { mask: graph.input("mask", ["Q", "S"]), several: graph.input("several", ["Q", 1]) };
  const o = attention(q, k, v, { heads, keyHeads }, visible);
  return { outputs: { o }, active: { q }, trained: { k, v } };
}
