import type { Device, Tensor } from "../engine/device.ts";
import { type Definition, type Differentiable, differentiable } from "../engine/differentiable.ts";
import type { Graph } from "../engine/graph.ts";
import { attention } from "../engine/ops/attention.ts";
import type { ZebraConfig } from "./config.ts";
import { compileHeadLayout } from "./head-layout.ts";
import { MaskCache, type Visible } from "./mask.ts";

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
  /** Heads one after the other, rather than all in one run. */
  byHead: boolean;
}

/**
 * Scores of one tile, over all heads that it takes. A local tile stays near the cache; a global one, of which every
 * query sees more, is faster in fewer and larger pieces (measured by `npm run bench -- layer`).
 */
const tileScores = { local: 1 << 20, global: 3 << 23, head: 1 << 22 };

/**
 * Segments of a global layer from which heads take turns: a run of one head has more queries to the same scores, so
 * it reads keys and values fewer times. Below it, more runs cost more than that saves.
 */
export const byHeadTokens = 4096;

/** The tiles of a layer, segment by segment. Their areas add up to the cost of its attention. */
export function* tiles({ segments, window, from = 0 }: Spans, heads: number): Generator<Tile> {
  let start = 0;
  for (const length of segments) {
    const end = start + length;
    const byHead = window === null && length >= byHeadTokens;
    for (let queryStart = start + from; queryStart < end; ) {
      const seen = Math.min(queryStart - start, window === null ? Infinity : window - 1);
      const queries = blockSize(seen, window, heads, byHead);
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
 * Queries b such that b · (seen + b) scores of every head it takes are no more than `tileScores`, a multiple of 32 between 64 and 512. A local tile
 * has at most half a window of queries, or most of its scores would be masked.
 */
function blockSize(seen: number, window: number | null, heads: number, byHead: boolean): number {
  const kind = byHead ? "head" : window === null ? "global" : "local";
  const scores = tileScores[kind] / (byHead ? 1 : heads);
  const fit = (Math.sqrt(seen * seen + 4 * scores) - seen) / 2;
  const most = Math.min(512, window === null ? 512 : window / 2);
  return Math.max(64, Math.floor(Math.min(fit, most) / 32) * 32);
}

export async function compileAttention(device: Device, config: ZebraConfig): Promise<Attention> {
  const { num_attention_heads: heads, num_key_value_heads: keyHeads } = config;
  const tile = await differentiable(device, "attention tile", (graph) => defineTile(graph, config));
  const single = await differentiable(device, "attention tile of a head", (graph) =>
    defineTile(graph, { ...config, num_attention_heads: 1, num_key_value_heads: 1 }),
  );
  const layout = await compileHeadLayout(device, config);
  const masks = new MaskCache(device);

  /** The runs of a tile: rows of what is given, and where its results go, for all heads or for each. */
  const cutAll = ({ queryStart, queryEnd, keyStart }: Tile, from: number): Cut => ({
    queries: (x) => device.rows(x, queryStart - from, queryEnd - from),
    keys: (x) => device.rows(x, keyStart, queryEnd),
  });
  const cutHead = ({ queryStart, queryEnd, keyStart }: Tile, from: number, head: number): Cut => {
    const of = (x: Tensor, group: number, start: number, end: number) => {
      const [count, rows, width] = x.shape as [number, number, number];
      const flat = device.reshape(x, [count * rows, width]);
      return device.rows(flat, group * rows + start, group * rows + end);
    };
    const group = Math.floor((head * keyHeads) / heads);
    return {
      queries: (x) => of(x, head, queryStart - from, queryEnd - from),
      keys: (x) => of(x, group, keyStart, queryEnd),
    };
  };

  const headsOf = async ({ q, k, v }: Heads): Promise<Heads> => ({
    q: await layout.apart(q, heads),
    k: await layout.apart(k, keyHeads),
    v: await layout.apart(v, keyHeads),
  });

  return {
    async forward(q, k, v, spans) {
      const { from = 0, window } = spans;
      const o = device.empty(q.shape);
      const run = (one: Differentiable, { queries, keys }: Cut, mask: Visible, x: Heads, o: Tensor) =>
        one.forward.run({ q: queries(x.q), k: keys(x.k), v: keys(x.v), ...mask }, { o: queries(o) });
      const [byHead, together] = split(largestFirst(spans, heads));
      if (byHead.length > 0) {
        const x = await headsOf({ q, k, v });
        const result = device.empty(x.q.shape);
        for (const one of byHead) {
          const mask = masks.get(one, window);
          for (let head = 0; head < heads; head++)
            await run(single, cutHead(one, from, head), mask, x, result);
        }
        await layout.together(result, o);
        device.release(x.q, x.k, x.v, result);
      }
      for (const one of together) await run(tile, cutAll(one, from), masks.get(one, window), { q, k, v }, o);
      return o;
    },

    async backward(forward, dO, spans) {
      const { q, k, v, o } = forward;
      const run = (one: Differentiable, { queries, keys }: Cut, mask: Visible, x: Traced, dx: Heads) =>
        one.backward!.run(
          {
            q: queries(x.q),
            k: keys(x.k),
            v: keys(x.v),
            ...mask,
            "kept.0": queries(x.o),
            "d.o": queries(x.dO),
            "g.k": keys(dx.k),
            "g.v": keys(dx.v),
          },
          { "grad.q": queries(dx.q), "s.k": keys(dx.k), "s.v": keys(dx.v) },
        );
      const dx = { q: device.empty(q.shape), k: device.zeros(k.shape), v: device.zeros(v.shape) };
      const [byHead, together] = split(largestFirst(spans, heads));
      if (byHead.length > 0) {
        const x = {
          ...(await headsOf({ q, k, v })),
          o: await layout.apart(o, heads),
          dO: await layout.apart(dO, heads),
        };
        const sums = { q: device.empty(x.q.shape), k: device.zeros(x.k.shape), v: device.zeros(x.v.shape) };
        for (const one of byHead) {
          const mask = masks.get(one, spans.window);
          for (let head = 0; head < heads; head++) await run(single, cutHead(one, 0, head), mask, x, sums);
        }
        // Rows of other segments are zeros in k and v, and theirs in q are overwritten.
        for (const side of ["q", "k", "v"] as const) await layout.together(sums[side], dx[side]);
        device.release(...Object.values(x), ...Object.values(sums));
      }
      for (const one of together) {
        await run(tile, cutAll(one, 0), masks.get(one, spans.window), { q, k, v, o, dO }, dx);
      }
      return { dq: dx.q, dk: dx.k, dv: dx.v };
    },
  };
}

type Heads = { q: Tensor; k: Tensor; v: Tensor };
type Traced = Heads & { o: Tensor; dO: Tensor };

/** Rows that a run has of tensors of queries and of keys. */
interface Cut {
  queries(x: Tensor): Tensor;
  keys(x: Tensor): Tensor;
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
