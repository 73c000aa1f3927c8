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
  for (const { name, side, shape } of adapterShapes(config, training)) {
    const values = new Float32Array(shape[0] * shape[1]);
    if (side === "A") {
      const random = randomOf(seed, `init ${name}`);
      const bound = 1 / Math.sqrt(shape[1]);
      for (let i = 0; i < values.length; i++) values[i] = (2 * random.next() - 1) * bound;
    }
    weights.set(name, values, shape);
  }
}

/** Every adapter tensor of a model: A [R, in] and B [out, R] of each module, layer by layer. */
export function* adapterShapes(
  config: ZebraConfig,
  { r, modules }: Extract<Training, { kind: "lora" }>,
): Generator<{ name: string; side: "A" | "B"; shape: [number, number] }> {
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    for (const module of modules) {
      const [out, width] = layerWeightShape(config, module) as [number, number];
      yield { name: loraName(layer, module, "A"), side: "A", shape: [r, width] };
      yield { name: loraName(layer, module, "B"), side: "B", shape: [out, r] };
    }
  }
}
