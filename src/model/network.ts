import type { Device, Tensor } from "../engine/device.ts";
import { Graph } from "../engine/graph.ts";
import { gatherRows } from "../engine/ops/gather-rows.ts";
import { scatterAddRows } from "../engine/ops/scatter-add-rows.ts";
import { compile, type Program } from "../engine/program.ts";
import { type Attended, type Attention, compileAttention } from "./attention/attention.ts";
import type { Spans } from "./attention/tiles.ts";
import type { ZebraConfig } from "./config/config.ts";
import { compileStep } from "./layers/decode-step.ts";
import { compileFew, type FewPrograms } from "./layers/few-rows.ts";
import { compileHead, type HeadPrograms } from "./layers/head.ts";
import { joinWeights } from "./layers/joint-weights.ts";
import { compileLayer, type LayerPrograms, type Training } from "./layers/layer.ts";
import { ropeTables } from "./layers/rope-tables.ts";
import { byRows } from "./layers/row-chunks.ts";
import { trainedNames } from "./trained-names.ts";
import {
  embeddingName,
  type LayerWeight,
  layerWeightName,
  layerWeights,
  loraName,
  type TensorStore,
} from "./weights.ts";

/** Every program of a model and its weights. One layer's programs serve all layers: weights are feeds. */
export interface Network {
  device: Device;
  config: ZebraConfig;
  training: Training;
  weights: TensorStore;
  /** Of each layer, weights that lie together, see joined.ts; null where products gain nothing by it. */
  joined: Record<string, Tensor>[] | null;
  layer: LayerPrograms;
  attention: Attention;
  head: HeadPrograms;
  /** A layer for the next token of sequences in groups of these sizes, see step.ts; compiled when first asked for. */
  step(sizes: readonly number[]): Promise<Program>;
  /** For a few rows at once; null where the device does them no faster than many. */
  few: FewPrograms | null;
  /** x [R, C], ids int32 [M] → y [M, C]. */
  gather: Program;
  /** x [R, C], ids int32 [M], rows [M, C] → y [R, C]. */
  scatter: Program;
  /** cos and sin [P, H/2] for at least so many positions. */
  rope(positions: number): { cos: Tensor; sin: Tensor };
}

export async function compileNetwork(
  device: Device,
  config: ZebraConfig,
  weights: TensorStore,
  training: Training = { kind: "none" },
): Promise<Network> {
  const joined =
    device.packsRight && training.kind === "none" ? await joinWeights(device, config, weights) : null;
  const graph = new Graph();
  const x = graph.input("x", ["R", "C"]);
  const ids = graph.input("ids", ["M"], "int32");
  const rows = graph.input("rows", ["M", "C"]);
  const trained = new Set(trainedNames(config, training));
  for (const name of weights.names) if (!trained.has(name)) device.freeze(weights.get(name));
  const steps = new Map<string, Promise<Program>>();
  let tables: { cos: Tensor; sin: Tensor } | undefined;
  return {
    device,
    config,
    training,
    weights,
    joined,
    layer: await compileLayer(device, config, training),
    attention: await compileAttention(device, config),
    head: await compileHead(device, config, training.kind === "full"),
    step(sizes) {
      const key = sizes.join();
      const step = steps.get(key) ?? compileStep(device, config, training, sizes, joined !== null);
      steps.set(key, step);
      return step;
    },
    few: device.packsRight ? await compileFew(device, config, training, joined !== null) : null,
    gather: await compile(device, "gather rows", { y: gatherRows(x, ids) }),
    scatter: await compile(device, "scatter rows", { y: scatterAddRows(x, ids, rows) }),
    rope(positions) {
      if (!tables || tables.cos.shape[0]! < positions) {
        const size = 2 ** Math.ceil(Math.log2(Math.max(positions, 64)));
        const { cos, sin } = ropeTables(config, size);
        const shape = [size, config.head_dim / 2];
        tables = { cos: device.upload(cos, shape), sin: device.upload(sin, shape) };
      }
      return tables;
    },
  };
}

/** The feeds of one layer's programs that are weights, by their short names. */
export function layerFeeds(network: Network, layer: number): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const weight of layerWeights) feeds[weight] = network.weights.get(layerWeightName(layer, weight));
  if (network.training.kind === "lora") {
    for (const module of network.training.modules) {
      feeds[`${module}.A`] = network.weights.get(loraName(layer, module, "A"));
      feeds[`${module}.B`] = network.weights.get(loraName(layer, module, "B"));
    }
  }
  return { ...feeds, ...network.joined?.[layer] };
}

/** The full name of a layer's feed: `q_proj` or `q_proj.A` of layer 3. */
export function fullName(layer: number, feed: string): string {
  const [weight, side] = feed.split(".") as [LayerWeight, "A" | "B" | undefined];
  return side ? loraName(layer, weight as never, side) : layerWeightName(layer, weight);
}

/** Position of every token in its segment, int32 [T]. */
export function positionsOf(segments: readonly number[]): Int32Array {
  const positions = new Int32Array(segments.reduce((a, b) => a + b, 0));
  let t = 0;
  for (const length of segments) for (let p = 0; p < length; p++) positions[t++] = p;
  return positions;
}

/** What a layer's attention may see. */
export function spansOf(config: ZebraConfig, layer: number, segments: readonly number[]): Spans {
  return {
    segments,
    window: config.layer_types[layer] === "sliding_attention" ? config.sliding_window : null,
  };
}

/** ids int32 [T] → x [T, D]. */
export async function embed(network: Network, ids: Int32Array): Promise<Tensor> {
  const { y } = await network.gather.run({
    x: network.weights.get(embeddingName),
    ids: network.device.upload(ids, [ids.length]),
  });
  return y!;
}

/** Rows of a tensor by index: x [T, C], rows int32 [M] → [M, C]. */
export async function takeRows(network: Network, x: Tensor, rows: Tensor): Promise<Tensor> {
  return (await network.gather.run({ x, ids: rows })).y!;
}

/** The other way, zeros in all other rows: x [M, C], rows int32 [M] → [T, C]. */
export async function putRows(network: Network, x: Tensor, rows: Tensor, total: number): Promise<Tensor> {
  const all = network.device.zeros([total, x.shape[1]!]);
  await network.scatter.run({ x: all, ids: rows, rows: x }, { y: all });
  return all;
}

/**
 * Feeds that a layer's `before` takes besides x and weights. The rotary kernel wants tables of at least as
 * many rows as there are tokens, even where packed segments make all positions small.
 */
export function positionFeeds(network: Network, positions: Int32Array): Record<string, Tensor> {
  const last = positions.reduce((a, b) => Math.max(a, b), 0);
  const rope = network.rope(Math.max(last + 1, positions.length));
  return { positions: network.device.upload(positions, [positions.length]), ...rope };
}

/**
 * The residual stream after the last layer: ids [T] → [T, D]; with `rows` int32 [M], of these alone: [M, D]. Nothing is
 * kept for a backward pass.
 */
export async function hidden(
  network: Network,
  ids: Int32Array,
  segments: readonly number[],
  rows?: Tensor,
): Promise<Tensor> {
  const positions = positionFeeds(network, positionsOf(segments));
  const last = network.config.num_hidden_layers - 1;
  let x = await embed(network, ids);
  for (let layer = 0; layer <= last; layer++) {
    const asked = layer === last ? rows : undefined;
    const { y, attended } = await layerOutput(network, layer, x, positions, segments, asked);
    network.device.release(x);
    releaseAttended(network, attended);
    x = y;
  }
  return x;
}

/**
 * One layer, keeping nothing but what attention made of it: x [T, D] → y [T, D]. What follows attention is of each
 * token alone, so with `rows` int32 [M] it is computed for these alone, as the last layer's is: y [M, D].
 */
export async function layerOutput(
  network: Network,
  layer: number,
  x: Tensor,
  positions: Record<string, Tensor>,
  segments: readonly number[],
  rows?: Tensor,
): Promise<{ y: Tensor; attended: Attended }> {
  const weights = layerFeeds(network, layer);
  const { device, layer: programs } = network;
  const { q, k, v } = await byRows(device, programs.before.forward, { ...weights, ...positions, x });
  const spans = spansOf(network.config, layer, segments);
  const attended = await network.attention.forwardKeeping(q!, k!, v!, spans);
  const { o } = attended;
  device.release(q!, k!, v!);
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
