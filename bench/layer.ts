/** One decoder layer, forward or forward and backward, beside the rate of a MatMul in the same run. */
import { cpuDevice } from "../src/engine/devices/cpu.ts";
import { tileArea, tiles } from "../src/model/attention/tiles.ts";
import type { ZebraConfig } from "../src/model/config/config.ts";
import type { LayerType } from "../src/model/config/layers.ts";
import { layerOutput, openPass, releaseAttended, spansOf } from "../src/model/forward.ts";
import { compileNetwork } from "../src/model/network.ts";
import { layerBackward, layerForward } from "../src/model/train/backward.ts";
import { layerWeightName, layerWeightShape, layerWeights, TensorStore } from "../src/model/weights.ts";
import { type BenchCase, type BenchRow, measure, randomTensor } from "./tools/measure.ts";
import { matmulRoofline } from "./tools/roofline.ts";

interface LayerCase {
  kind: LayerType;
  tokens: number;
  hidden: number;
  isTraining: boolean;
}

const window = 512;

export function layerCases(): BenchCase[] {
  const cases: BenchCase[] = [];
  for (const hidden of [768, 2048]) {
    for (const tokens of [2048, 8192, 16384]) {
      for (const isTraining of [true, false]) {
        for (const kind of ["sliding_attention", "full_attention"] as const) {
          const one = { kind, tokens, hidden, isTraining };
          cases.push({ name: nameOf(one), run: () => benchLayer(one) });
        }
      }
    }
  }
  return cases;
}

function nameOf({ kind, tokens, hidden, isTraining }: LayerCase): string {
  const place = kind === "sliding_attention" ? "local " : "global";
  return `layer ${place} D${hidden} T${tokens} ${isTraining ? "forward+backward" : "forward"}`;
}

/** A model of one layer, with head dim 64 and a feed-forward part as wide as in models of this size. */
function configOf({ kind, tokens: T, hidden: D }: LayerCase): ZebraConfig {
  const H = 64;
  const F = D === 768 ? 2048 : 5504;
  return {
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
}

async function benchLayer(one: LayerCase): Promise<BenchRow> {
  const { kind, tokens: T, hidden: D, isTraining } = one;
  const device = cpuDevice();
  const config = configOf(one);
  const { head_dim: H, intermediate_size: F } = config;
  const weights = new TensorStore(device);
  for (const name of layerWeights) {
    const shape = layerWeightShape(config, name);
    const { data } = randomTensor(shape, 0.02);
    weights.set(layerWeightName(0, name), data, shape);
  }
  const gradients = TensorStore.zerosLike(weights, weights.names);
  const network = await compileNetwork(device, config, weights, { kind: "full" });
  const pass = { ...openPass(network, [T]), checkpointing: "none" as const, gradients };
  const x = device.upload(randomTensor([T, D], 1).data, [T, D]);
  const dy = device.upload(randomTensor([T, D], 1).data, [T, D]);

  // Products only, useful ones only: 2·m·n·k each; a backward pass is two forward passes. Masked scores do
  // not count.
  const linear = 2 * T * (4 * D * D + 3 * D * F);
  const w = kind === "sliding_attention" ? Math.min(window, T) : T;
  const seen = w * T - (w * (w - 1)) / 2;
  const flops = (isTraining ? 3 : 1) * (linear + 4 * seen * D);
  let area = 0;
  for (const t of tiles(spansOf(config, 0, [T]), D / H)) area += tileArea(t);

  const train = async () => {
    const { y, trace } = await layerForward(network, 0, x, pass);
    device.release(y, await layerBackward(network, 0, trace, dy, pass));
  };
  const infer = async () => {
    const { y, attended } = await layerOutput(network, 0, x, pass);
    device.release(y);
    releaseAttended(network, attended);
  };
  const row = await measure(nameOf(one), "GFLOP/s", {
    work: flops,
    call: isTraining ? train : infer,
    roofline: await matmulRoofline(device),
    note: `tile area ${(area / seen).toFixed(2)}x of what is seen`,
  });
  await device.dispose();
  return row;
}
