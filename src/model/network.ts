/**
 * A Zebra as compiled programs and the weights that they are fed. forward.ts and train/backward.ts run them.
 *
 * Shapes in src/model. Rows of a packed text are tokens, segment after segment, and there is no batch axis:
 *
 *   B  sequences that generate side by side     D  width of the residual stream (`hidden_size`)
 *   T  query tokens of a packed text            N  heads (`num_attention_heads`)
 *   S  key tokens                               K  key and value heads (`num_key_value_heads`)
 *   M  some of the T tokens, as those scored    H  head dim (`head_dim`)
 *   P  positions that have rotary angles        F  width of the feed-forward part (`intermediate_size`)
 *   L  layers (`num_hidden_layers`)             V  vocabulary (`vocab_size`)
 *                                               R  LoRA rank
 *
 * Tensors are float32 where nothing else is said. nll is in nats.
 */
import type { Device, Tensor } from "../engine/device.ts";
import { Graph } from "../engine/graph/graph.ts";
import { gatherRows } from "../engine/ops/gather-rows.ts";
import { scatterAddRows } from "../engine/ops/scatter-add-rows.ts";
import { compile, type Program } from "../engine/program.ts";
import { type Attention, compileAttention } from "./attention/attention.ts";
import type { ZebraConfig } from "./config/config.ts";
import { compileStep } from "./layers/decode-step.ts";
import { compileFew, type FewPrograms } from "./layers/few-rows.ts";
import { compileHead, type HeadPrograms } from "./layers/head.ts";
import { joinWeights } from "./layers/joint-weights.ts";
import { byRow, compileLayer, type LayerForm, type LayerPrograms, type Training } from "./layers/layer.ts";
import { ropeTables } from "./layers/rope-tables.ts";
import { trainedNames } from "./trained-names.ts";
import {
  embeddingName,
  type LayerModule,
  type LayerWeight,
  layerWeightName,
  layerWeights,
  loraName,
  type TensorStore,
} from "./weights.ts";

/**
 * Every program of a model and its weights. One layer's programs serve all layers, because weights are feeds.
 */
export interface Network {
  device: Device;
  config: ZebraConfig;
  training: Training;
  weights: TensorStore;
  /**
   * Of each layer, the weights that lie together (see joint-weights.ts); null where products gain nothing by
   * it.
   */
  joined: Record<string, Tensor>[] | null;
  layer: LayerPrograms;
  attention: Attention;
  head: HeadPrograms;
  /**
   * A layer for the next token of sequences in groups of these sizes (see decode-step.ts); compiled when
   * first asked for.
   */
  step(sizes: readonly number[]): Promise<Program>;
  /** For a few rows at once; null where the device does them no faster than many. */
  few: FewPrograms | null;
  /** x [rows, C], ids int32 [M] → y [M, C]: row ids[m] of x. */
  gather: Program;
  /** x [rows, C], ids int32 [M], rows [M, C] → y [rows, C]: x with rows[m] added to its row ids[m]. */
  scatter: Program;
  /** cos and sin [P, H/2] of the rotary angles, for at least this many positions. */
  rope(positions: number): { cos: Tensor; sin: Tensor };
}

/**
 * Compiles the programs of a model. The network takes over `weights`, which must have every tensor of the
 * config, and with LoRA every adapter: those that are not trained are frozen. Throws EngineError.
 */
export async function compileNetwork(
  device: Device,
  config: ZebraConfig,
  weights: TensorStore,
  training: Training = { kind: "none" },
): Promise<Network> {
  const joined =
    device.packsRight && training.kind === "none" ? await joinWeights(device, config, weights) : null;
  const form: LayerForm = { config, training, product: byRow, isJoined: joined !== null };
  const graph = new Graph();
  const x = graph.input("x", ["R", "C"]);
  const ids = graph.input("ids", ["M"], "int32");
  const rows = graph.input("rows", ["M", "C"]);
  const trained = new Set(trainedNames(config, training));
  for (const name of weights.names) if (!trained.has(name)) device.freeze(weights.get(name));
  const steps = new Map<string, Promise<Program>>();
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
      const step = steps.get(key) ?? compileStep(device, form, sizes);
      steps.set(key, step);
      return step;
    },
    few: device.packsRight ? await compileFew(device, form) : null,
    gather: await compile(device, "gather rows", { y: gatherRows(x, ids) }),
    scatter: await compile(device, "scatter rows", { y: scatterAddRows(x, ids, rows) }),
    rope: growingTables(device, config),
  };
}

/** Rotary tables, which are replaced by ones twice as long when more positions are asked for. */
function growingTables(device: Device, config: ZebraConfig): Network["rope"] {
  let tables: ReturnType<Network["rope"]> | undefined;
  return (positions) => {
    if (!tables || tables.cos.shape[0]! < positions) {
      const size = 2 ** Math.ceil(Math.log2(Math.max(positions, 64)));
      const { cos, sin } = ropeTables(config, size);
      const shape = [size, config.head_dim / 2];
      tables = { cos: device.upload(cos, shape), sin: device.upload(sin, shape) };
    }
    return tables;
  };
}

/** The feeds of one layer's programs that are weights, by their short names: [out, in], or [D] for a norm. */
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

/** The full name of a layer's feed: that of layer 3's `q_proj`, or of its `q_proj.A`. */
export function fullName(layer: number, feed: string): string {
  const [weight, side] = feed.split(".") as [LayerWeight, "A" | "B" | undefined];
  return side ? loraName(layer, weight as LayerModule, side) : layerWeightName(layer, weight);
}

/**
 * The feeds that a layer's `before` takes besides x and weights: `positions` int32 [T], `cos` and `sin`
 * [P, H/2]. The rotary kernel needs tables of at least as many rows as there are tokens, even where packed
 * segments make all positions small.
 */
export function positionFeeds(network: Network, positions: Int32Array): Record<string, Tensor> {
  const last = positions.reduce((a, b) => Math.max(a, b), 0);
  const rope = network.rope(Math.max(last + 1, positions.length));
  return { positions: network.device.upload(positions, [positions.length]), ...rope };
}

/** ids [T] → x [T, D], a new tensor. */
export async function embed(network: Network, ids: Int32Array): Promise<Tensor> {
  const { y } = await network.gather.run({
    x: network.weights.get(embeddingName),
    ids: network.device.upload(ids, [ids.length]),
  });
  return y!;
}

/** Rows of a tensor by index: x [T, C], rows int32 [M] → a new tensor [M, C]. */
export async function takeRows(network: Network, x: Tensor, rows: Tensor): Promise<Tensor> {
  return (await network.gather.run({ x, ids: rows })).y!;
}

/**
 * The reverse of `takeRows`, with zeros in all other rows: x [M, C], rows int32 [M] → a new tensor
 * [total, C].
 */
export async function putRows(network: Network, x: Tensor, rows: Tensor, total: number): Promise<Tensor> {
  const all = network.device.zeros([total, x.shape[1]!]);
  await network.scatter.run({ x: all, ids: rows, rows: x }, { y: all });
  return all;
}
