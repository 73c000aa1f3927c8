import { randomOf } from "../../random.ts";
import type { ZebraConfig } from "../config/config.ts";
import type { Training } from "../layers/layer.ts";
import { layerWeightShape, loraName, type TensorStore } from "../weights.ts";

/**
 * Adds new adapters to `weights`, by the names of `loraName`: A [R, in] is uniform in ±1/√in (PEFT's
 * kaiming_uniform with a = √5), B [out, R] is zero, so that training starts from the model as it is. Source:
 * "LoRA", arXiv 2106.09685.
 */
export function initialAdapters(
  weights: TensorStore,
  config: ZebraConfig,
  training: Extract<Training, { kind: "lora" }>,
  seed: number,
): void {
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    for (const module of training.modules) {
      const [out, width] = layerWeightShape(config, module) as [number, number];
      const name = loraName(layer, module, "A");
      const random = randomOf(seed, `init ${name}`);
      const bound = 1 / Math.sqrt(width);
      const a = Float32Array.from({ length: training.r * width }, () => (2 * random.next() - 1) * bound);
      weights.set(name, a, [training.r, width]);
      weights.set(loraName(layer, module, "B"), new Float32Array(out * training.r), [out, training.r]);
    }
  }
}
