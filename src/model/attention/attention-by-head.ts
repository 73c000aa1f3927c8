import type { Device, Tensor } from "../../engine/device.ts";
import type { ZebraConfig } from "../config/config.ts";
import { type BlockPrograms, compileBlocks } from "./block-programs.ts";
import { compileHeadLayout } from "./head-layout.ts";
import type { MaskCache } from "./tile-masks.ts";
import { blockKeys, keyBlocks, type Tile } from "./tiles.ts";

/**
 * Attention of long segments, one head after the other. The keys of a tile are cut into blocks, so that the
 * scores of one block stay in the cache of a core, forward and backward (see `npm run bench -- layer`):
 *
 *   keys   │ block │ block │ last │    every query sees all of a block, but not of the last, which has a mask
 *
 * Forward, each block gives o_b, what attention to it alone would be, and ℓ_b = log Σ exp(scores). The tile's
 * are o = Σ_b softmax(ℓ)_b o_b and ℓ = log Σ_b exp(ℓ_b). Backward, ℓ alone is enough to compute the
 * probabilities of any block again, P = exp(scores − ℓ), as in FlashAttention (arXiv 2205.14135).
 *
 * Shapes: see network.ts.
 */
export interface LongAttention {
  /**
   * q [T − from, N·H], k and v [T, K·H] → writes the tiles' rows of o [T − from, N·H]; returns lse
   * [N, T − from, 1], log Σ exp(scores) of every query.
   */
  forward(x: Sides, o: Tensor, tiles: readonly Tile[], from: number): Promise<Tensor>;
  /**
   * Takes o and its cotangent dO, [T, N·H], to those of q [T, N·H], k and v [T, K·H], which are written into
   * `dx`: rows of other segments become zeros.
   */
  backward(
    forward: Sides & { o: Tensor; lse: Tensor },
    dO: Tensor,
    tiles: readonly Tile[],
    dx: Sides,
  ): Promise<void>;
}

/** Queries, keys and values, or what belongs to them. */
export interface Sides {
  q: Tensor;
  k: Tensor;
  v: Tensor;
}

const sides = ["q", "k", "v"] as const;

/** What attention makes of queries, heads one after the other: o [N, T − from, H], lse [N, T − from, 1]. */
interface Outputs {
  o: Tensor;
  lse: Tensor;
}

/** What the backward pass of a tile reads, heads one after the other. */
interface Given extends Sides {
  /** [N, T, H] */
  dO: Tensor;
  /** [N, T, 1] */
  lse: Tensor;
  /** Σ ō ∘ o of every query, [N, T, 1]. */
  dot: Tensor;
}

/** All that the runs of tiles have in common. */
interface Runner {
  device: Device;
  config: ZebraConfig;
  programs: BlockPrograms;
  masks: MaskCache;
  /** [2 · blockKeys, 1], of which rows are fed where ones are needed. */
  ones: Tensor;
}

export async function compileLongAttention(
  device: Device,
  config: ZebraConfig,
  masks: MaskCache,
): Promise<LongAttention> {
  const { num_attention_heads: heads, num_key_value_heads: keyHeads } = config;
  const layout = await compileHeadLayout(device, config);
  const programs = await compileBlocks(device, config);
  const ones = device.upload(new Float32Array(2 * blockKeys).fill(1), [2 * blockKeys, 1]);
  const runner: Runner = { device, config, programs, masks, ones };
  const headsApart = async ({ q, k, v }: Sides): Promise<Sides> => ({
    q: await layout.apart(q, heads),
    k: await layout.apart(k, keyHeads),
    v: await layout.apart(v, keyHeads),
  });
  return {
    async forward(given, o, tiles, from) {
      const x = await headsApart(given);
      const result = { o: device.empty(x.q.shape), lse: device.empty([heads, given.q.shape[0]!, 1]) };
      for (const tile of tiles) await forwardTile(runner, x, result, tile, from);
      await layout.together(result.o, o);
      device.release(x.q, x.k, x.v, result.o);
      return result.lse;
    },

    async backward({ o, lse, ...given }, dO, tiles, dx) {
      const outputs = { o: await layout.apart(o, heads), dO: await layout.apart(dO, heads) };
      const dot = (await programs.dot.run({ "d.o": outputs.dO, o: outputs.o })).dot!;
      device.release(outputs.o);
      const x = { ...(await headsApart(given)), dO: outputs.dO, dot };
      const sums = { q: device.zeros(x.q.shape), k: device.zeros(x.k.shape), v: device.zeros(x.v.shape) };
      for (const tile of tiles) await backwardTile(runner, { ...x, lse }, sums, tile);
      for (const side of sides) await layout.together(sums[side], dx[side]);
      device.release(...Object.values(x), ...Object.values(sums));
    },
  };
}

/** Writes a tile's rows of the outputs. */
async function forwardTile(
  { device, config, programs: { open, last, merge }, masks }: Runner,
  x: Sides,
  { o, lse }: Outputs,
  tile: Tile,
  from: number,
): Promise<void> {
  const queries = tile.queryEnd - tile.queryStart;
  let parts: Outputs | undefined;
  for (const run of blockRuns(device, config, tile, from)) {
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
      o: rowsOf(device, parts.o, run.index, 0, queries),
      lse: rowsOf(device, parts.lse, run.index, 0, queries),
    };
    await (run.isLast ? last : open).forward.run({ ...feeds, ...visible }, own);
    if (run.isLast) await merge.run({ "parts.o": parts.o, "parts.lse": parts.lse }, whole);
  }
  if (parts) device.release(parts.o, parts.lse);
}

/** Adds a tile's gradients to `sums`. */
async function backwardTile(
  { device, config, programs: { open, last }, masks, ones }: Runner,
  x: Given,
  sums: Sides,
  tile: Tile,
): Promise<void> {
  for (const { start, end, isLast, queries, keys } of blockRuns(device, config, tile, 0)) {
    const visible = isLast ? masks.get({ ...tile, keyStart: start }, null) : {};
    // The last block's mask does not say which queries see one key only, where they see earlier blocks as
    // well.
    const seesSeveral =
      start > tile.keyStart ? { seesSeveral: device.rows(ones, 0, tile.queryEnd - tile.queryStart) } : {};
    const feeds = {
      q: queries(x.q),
      k: keys(x.k),
      v: keys(x.v),
      "d.o": queries(x.dO),
      lse: queries(x.lse),
      dot: queries(x.dot),
      ones: device.rows(ones, 0, end - start),
      ...visible,
      ...seesSeveral,
      "g.q": queries(sums.q),
      "g.k": keys(sums.k),
      "g.v": keys(sums.v),
    };
    const into = { "s.q": queries(sums.q), "s.k": keys(sums.k), "s.v": keys(sums.v) };
    await (isLast ? last : open).backward.run(feeds, into);
  }
}

/** Every block of a tile, of every head, and how to take its rows of what is given. */
function* blockRuns(device: Device, config: ZebraConfig, tile: Tile, from: number) {
  const { num_attention_heads: heads, num_key_value_heads: keyHeads } = config;
  const blocks = [...keyBlocks(tile)];
  for (let head = 0; head < heads; head++) {
    const group = Math.floor((head * keyHeads) / heads);
    const queries = (x: Tensor) => rowsOf(device, x, head, tile.queryStart - from, tile.queryEnd - from);
    for (const [index, [start, end]] of blocks.entries()) {
      const keys = (x: Tensor) => rowsOf(device, x, group, start, end);
      const isLast = index === blocks.length - 1;
      yield { index, count: blocks.length, start, end, isLast, queries, keys };
    }
  }
}

/** Rows [start, end) of one head of x [heads, rows, width]: [end − start, width], in the same memory. */
function rowsOf(device: Device, x: Tensor, head: number, start: number, end: number): Tensor {
  const [count, rows, width] = x.shape as [number, number, number];
  const flat = device.reshape(x, [count * rows, width]);
  return device.rows(flat, head * rows + start, head * rows + end);
}
