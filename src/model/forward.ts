import type { Tensor } from "../engine/device.ts";
import type { Attended } from "./attention/attention.ts";
import type { Spans } from "./attention/tiles.ts";
import type { ZebraConfig } from "./config/config.ts";
import { windowOf } from "./config/layers.ts";
import { byRows } from "./layers/row-chunks.ts";
import { embed, layerFeeds, type Network, positionFeeds, takeRows } from "./network.ts";

/** What every layer of one pass over packed tokens is given. Shapes: see network.ts. */
export interface Pass {
  /** Feeds of the rotary positions: see `positionFeeds`. */
  positions: Record<string, Tensor>;
  /** Lengths of the segments in tokens; they add up to T. */
  segments: readonly number[];
  /** int32 [M]: the only tokens that go on after the last layer's attention; null: all do. */
  rows: Tensor | null;
}

/** A pass over packed segments. `rows` [M]: indices of the tokens whose output is wanted, default all. */
export function openPass(
  network: Network,
  segments: readonly number[],
  rows: Int32Array | null = null,
): Pass {
  return {
    positions: positionFeeds(network, positionsOf(segments)),
    segments,
    rows: rows && network.device.upload(rows, [rows.length]),
  };
}

/** Position of every token in its segment, [T]. */
export function positionsOf(segments: readonly number[]): Int32Array {
  const positions = new Int32Array(segments.reduce((a, b) => a + b, 0));
  let t = 0;
  for (const length of segments) for (let p = 0; p < length; p++) positions[t++] = p;
  return positions;
}

/** What the attention of a layer may see. */
export function spansOf(config: ZebraConfig, layer: number, segments: readonly number[]): Spans {
  return { segments, window: windowOf(config, config.layer_types[layer]!) };
}

/** The tokens that go on after a layer's attention: only the last layer leaves some out. */
export function rowsAfter(network: Network, layer: number, { rows }: Pass): Tensor | null {
  return layer === network.config.num_hidden_layers - 1 ? rows : null;
}

/**
 * The residual stream after the last layer: ids [T] → a new tensor [T, D]; with the pass's rows, of these
 * alone, [M, D]. Nothing is kept for a backward pass.
 */
export async function hidden(network: Network, ids: Int32Array, pass: Pass): Promise<Tensor> {
  let x = await embed(network, ids);
  for (let layer = 0; layer < network.config.num_hidden_layers; layer++) {
    const { y, attended } = await layerOutput(network, layer, x, pass);
    network.device.release(x);
    releaseAttended(network, attended);
    x = y;
  }
  return x;
}

/**
 * One layer, of which only what attention made is kept: x [T, D] → y [T, D]. What follows attention treats
 * each token on its own, so in the last layer it is computed for the pass's rows alone: y [M, D].
 */
export async function layerOutput(
  network: Network,
  layer: number,
  x: Tensor,
  pass: Pass,
): Promise<{ y: Tensor; attended: Attended }> {
  const weights = layerFeeds(network, layer);
  const { device, layer: programs } = network;
  const { q, k, v } = await byRows(device, programs.before.forward, { ...weights, ...pass.positions, x });
  const spans = spansOf(network.config, layer, pass.segments);
  const attended = await network.attention.forwardKeeping(q!, k!, v!, spans);
  const { o } = attended;
  device.release(q!, k!, v!);
  const rows = rowsAfter(network, layer, pass);
  if (!rows) {
    const { y } = await byRows(device, programs.after.forward, { ...weights, x, o });
    return { y: y!, attended };
  }
  const some = { x: await takeRows(network, x, rows), o: await takeRows(network, o, rows) };
  const { y } = await byRows(device, programs.after.forward, { ...weights, ...some });
  device.release(some.x, some.o);
  return { y: y!, attended };
}

export function releaseAttended({ device }: Network, { o, lse }: Attended): void {
  device.release(o);
  if (lse) device.release(lse);
}
