/**
 * Attention as tiles: which queries and which keys meet in one run of a program.
 *
 * A tile is a block of queries of one segment with just the keys that they may see: all before them in a
 * global layer, the window in a local one. So segments are isolated by construction, a local layer costs n·w
 * and a global one Σ nᵢ²/2, and no N×N array exists.
 *
 *   segment 1        segment 2         global: block b sees keys of its segment up to its end
 *   ┌──┐             ┌──┐              local:  block b sees its own and the w − 1 keys before it
 *   │▙ │q0           │▙ │
 *   │█▙│q1           │█▙│
 *   └──┘             └──┘
 */

/** What the queries of a layer may see. */
export interface Spans {
  /** Lengths of the segments in tokens; they add up to T. */
  segments: readonly number[];
  /** Keys that a query sees, itself included; null: all before it. */
  window: number | null;
  /**
   * The first query there is, where there is one segment; default 0. Row 0 of q and o is then token `from`,
   * while row 0 of k and v is always token 0.
   */
  from?: number;
}

/** Positions are tokens of the packed text, half-open. */
export interface Tile {
  /** Queries [queryStart, queryEnd) see keys in [keyStart, queryEnd), each up to itself. */
  queryStart: number;
  queryEnd: number;
  keyStart: number;
  /** Heads one after the other and keys in blocks (see attention-by-head.ts), rather than all in one run. */
  byHead: boolean;
}

/**
 * Most scores of one tile, over all heads. A local tile should stay near the cache. The queries of a global
 * one see more keys, and fewer, larger runs are faster there (measured by `npm run bench -- layer`).
 */
const tileScores = { local: 1 << 20, global: 3 << 23 };

/**
 * Tokens of a global layer's segment from which heads take turns. In shorter ones the added runs cost more
 * than the cache saves.
 */
export const byHeadTokens = 4096;

/** Queries of a tile whose heads take turns, and keys of one of its blocks. */
const blockQueries = 512;
export const blockKeys = 1024;

/**
 * The tiles of a layer with `heads` heads, segment by segment. Their areas add up to the cost of its
 * attention.
 */
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

/** Scores that a tile computes in one head, the masked ones included. */
export function tileArea({ queryStart, queryEnd, keyStart }: Tile): number {
  return (queryEnd - queryStart) * (queryEnd - keyStart);
}

/**
 * The keys of a tile in blocks, half-open. All blocks but the last lie before the tile's first query, so that
 * every query sees all of them. The last one needs a mask, and has a key that every query sees.
 */
export function* keyBlocks({
  queryStart,
  queryEnd,
  keyStart,
}: Tile): Generator<[start: number, end: number]> {
  let start = keyStart;
  for (; start + blockKeys <= queryStart; start += blockKeys) yield [start, start + blockKeys];
  yield [start, queryEnd];
}

/**
 * Queries b such that b · (seen + b) scores of every head are no more than `tileScores`: a multiple of 32,
 * from 64 to 512. A local tile has at most half a window of queries, or most of its scores would be masked.
 */
function tileQueries(seen: number, window: number | null, heads: number): number {
  const scores = tileScores[window === null ? "global" : "local"] / heads;
  const fit = (Math.sqrt(seen * seen + 4 * scores) - seen) / 2;
  const most = Math.min(512, window === null ? 512 : window / 2);
  return Math.max(64, Math.floor(Math.min(fit, most) / 32) * 32);
}
