import type { Device, Tensor } from "../engine/device.ts";
import { type Definition, differentiable } from "../engine/differentiable.ts";
import type { Graph } from "../engine/graph.ts";
import { attention } from "../engine/ops/attention.ts";
import type { ZebraConfig } from "./config.ts";
import { MaskCache } from "./mask.ts";

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
  /** The cotangent of o to those of q, k and v, computing the probabilities again. */
  backward(
    forward: { q: Tensor; k: Tensor; v: Tensor; o: Tensor },
    dO: Tensor,
    spans: Spans,
  ): Promise<{ dq: Tensor; dk: Tensor; dv: Tensor }>;
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
}

/**
 * Scores of one tile, over all heads. A local tile stays near the cache; a global one, of which every query
 * sees more, is faster in fewer and larger pieces (measured by `npm run bench -- layer`).
 */
const tileScores = { local: 1 << 20, global: 3 << 23 };

/** The tiles of a layer, segment by segment. Their areas add up to the cost of its attention. */
export function* tiles({ segments, window, from = 0 }: Spans, heads: number): Generator<Tile> {
  let start = 0;
  for (const length of segments) {
    const end = start + length;
    for (let queryStart = start + from; queryStart < end; ) {
      const seen = Math.min(queryStart - start, window === null ? Infinity : window - 1);
      const queries = blockSize(seen, window, heads);
      const queryEnd = Math.min(queryStart + queries, end);
      yield { queryStart, queryEnd, keyStart: queryStart - seen };
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
 * Queries b such that heads · b · (seen + b) ≤ tileScores, a multiple of 32 between 64 and 512. A local tile
 * has at most half a window of queries, or most of its scores would be masked.
 */
function blockSize(seen: number, window: number | null, heads: number): number {
  const scores = window === null ? tileScores.global : tileScores.local;
  const fit = (Math.sqrt(seen * seen + (4 * scores) / heads) - seen) / 2;
  const most = Math.min(512, window === null ? 512 : window / 2);
  return Math.max(64, Math.floor(Math.min(fit, most) / 32) * 32);
}

export async function compileAttention(device: Device, config: ZebraConfig): Promise<Attention> {
  const program = await differentiable(device, "attention tile", (graph) => defineTile(graph, config));
  const masks = new MaskCache(device);
  const heads = config.num_attention_heads;

  const feedsOf = (tile: Tile, q: Tensor, k: Tensor, v: Tensor, { window, from = 0 }: Spans) => ({
    q: device.rows(q, tile.queryStart - from, tile.queryEnd - from),
    k: device.rows(k, tile.keyStart, tile.queryEnd),
    v: device.rows(v, tile.keyStart, tile.queryEnd),
    ...masks.get(tile, window),
  });

  return {
    async forward(q, k, v, spans) {
      const { from = 0 } = spans;
      const o = device.empty(q.shape);
      for (const tile of largestFirst(spans, heads)) {
        await program.forward.run(feedsOf(tile, q, k, v, spans), {
          o: device.rows(o, tile.queryStart - from, tile.queryEnd - from),
        });
      }
      return o;
    },

    async backward({ q, k, v, o }, dO, spans) {
      const dq = device.empty(q.shape);
      const dk = device.zeros(k.shape);
      const dv = device.zeros(v.shape);
      for (const tile of largestFirst(spans, heads)) {
        const keys = device.rows(dk, tile.keyStart, tile.queryEnd);
        const values = device.rows(dv, tile.keyStart, tile.queryEnd);
        await program.backward!.run(
          {
            ...feedsOf(tile, q, k, v, spans),
            "kept.0": device.rows(o, tile.queryStart, tile.queryEnd),
            "d.o": device.rows(dO, tile.queryStart, tile.queryEnd),
            "g.k": keys,
            "g.v": values,
          },
          { "grad.q": device.rows(dq, tile.queryStart, tile.queryEnd), "s.k": keys, "s.v": values },
        );
      }
      return { dq, dk, dv };
    },
  };
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
