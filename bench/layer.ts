/** One decoder layer, forward and backward, beside the MatMul rate of the same run. */
import { cpuDevice } from "../src/engine/devices/cpu.ts";
import { Graph } from "../src/engine/graph.ts";
import { matmul } from "../src/engine/ops/matmul.ts";
import { compile } from "../src/engine/program.ts";
import { tiles } from "../src/model/attention.ts";
import { layerBackward, layerForward } from "../src/model/backward.ts";
import type { LayerType, ZebraConfig } from "../src/model/config.ts";
import { compileNetwork, positionFeeds, positionsOf, spansOf } from "../src/model/network.ts";
import { layerWeightName, layerWeightShape, layerWeights, TensorStore } from "../src/model/weights.ts";
import { medianSeconds, type Row, randomTensor } from "./measure.ts";

export interface LayerCase {
  kind: LayerType;
  tokens: number;
  hidden: number;
  window: number;
}

export async function benchLayer({ kind, tokens: T, hidden: D, window }: LayerCase): Promise<Row> {
  const device = cpuDevice();
  const H = 64;
  const F = D === 768 ? 2048 : 5504;
  const config: ZebraConfig = {
    vocab_size: 256,
    hidden_size: D,
    intermediate_size: F,
    num_hidden_layers: 1,
    num_attention_heads: D / H,
    num_key_value_heads: D / H,
    head_dim: H,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    rope_scaling: null,
    max_position_embeddings: T,
    tie_word_embeddings: true,
    layer_types: [kind],
    sliding_window: window,
    bos_token_id: null,
    eos_token_id: null,
    pad_token_id: null,
  };
  const weights = new TensorStore(device);
  for (const name of layerWeights) {
    const shape = layerWeightShape(config, name);
    const { data } = randomTensor(shape, 0.02);
    weights.set(layerWeightName(0, name), data, shape);
  }
  const gradients = TensorStore.zerosLike(weights, weights.names);
  const network = await compileNetwork(device, config, weights, { kind: "full" });
  const positions = positionFeeds(network, positionsOf([T]));
  const x = device.upload(randomTensor([T, D], 1).data, [T, D]);
  const dy = device.upload(randomTensor([T, D], 1).data, [T, D]);

  // Products only, useful ones only: 2·m·n·k each; a backward pass is two forward passes. Masked scores do not count.
  const linear = 2 * T * (4 * D * D + 3 * D * F);
  const w = kind === "sliding_attention" ? Math.min(window, T) : T;
  const seen = w * T - (w * (w - 1)) / 2;
  const flops = 3 * (linear + 4 * seen * D);
  let area = 0;
  for (const t of tiles(spansOf(config, 0, [T]), D / H))
    area += (t.queryEnd - t.queryStart) * (t.queryEnd - t.keyStart);

  const seconds = await medianSeconds(async () => {
    const { y, trace } = await layerForward(network, 0, x, positions, [T]);
    device.release(y, await layerBackward(network, 0, trace, dy, positions, [T], gradients));
  });
  const roof = await matmulRate(device);
  await device.dispose();
  return {
    name: `layer ${kind === "sliding_attention" ? "local" : "global"} D${D} T${T}`,
    seconds,
    rate: flops / seconds / 1e9,
    unit: "GFLOP/s",
    roofline: roof,
    ratio: flops / seconds / 1e9 / roof,
    note: `tile area ${(area / seen).toFixed(2)}x of what is seen`,
  };
}

/** GFLOP/s of a plain MatMul [2048, 768] · [768, 3072] through the same runtime. */
export async function matmulRate(device = cpuDevice()): Promise<number> {
  const graph = new Graph();
  const a = graph.input("a", ["M", "K"]);
  const b = graph.input("b", ["K", "N"]);
  const program = await compile(device, "roofline", { y: matmul(a, b) });
  const [m, k, n] = [2048, 768, 3072];
  const feeds = {
    a: device.upload(randomTensor([m, k], 1).data, [m, k]),
    b: device.upload(randomTensor([k, n], 1).data, [k, n]),
  };
  const y = device.zeros([m, n]);
  return (2 * m * k * n) / (await medianSeconds(() => program.run(feeds, { y }))) / 1e9;
}
