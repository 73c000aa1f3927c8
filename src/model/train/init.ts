import type { Device } from "../../engine/device.ts";
import { elementCount } from "../../engine/graph/element-count.ts";
import { randomOf } from "../../random.ts";
import type { ZebraConfig } from "../config/config.ts";
import { TensorStore } from "../weights.ts";

/** Standard deviation of new weights: that of GPT-2, and Llama's default `initializer_range`. */
const deviation = 0.02;

/**
 * New weights: normal with deviation 0.02, divided by √(2L) for projections into the residual stream; norms
 * are 1. Each tensor has its own random numbers, so the values do not depend on the order of tensors. Source:
 * GPT-2, "Language Models are Unsupervised Multitask Learners", §2.3.
 */
export function initialWeights(
  device: Device,
  config: ZebraConfig,
  tensors: Iterable<{ name: string; shape: readonly number[] }>,
  seed: number,
): TensorStore {
  const store = new TensorStore(device);
  for (const { name, shape } of tensors) {
    const data = new Float32Array(elementCount(shape));
    if (shape.length === 1) data.fill(1);
    else {
      const random = randomOf(seed, `init ${name}`);
      const intoResidual = /\.(o_proj|down_proj)\./.test(name);
      const size = intoResidual ? deviation / Math.sqrt(2 * config.num_hidden_layers) : deviation;
      for (let i = 0; i < data.length; i++) data[i] = random.normal() * size;
    }
    store.set(name, data, shape);
  }
  return store;
}
