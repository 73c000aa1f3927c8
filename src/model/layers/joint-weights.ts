import type { Device, Tensor } from "../../engine/device.ts";
import type { ZebraConfig } from "../config/config.ts";
import { type LayerModule, layerWeightName, type TensorStore } from "../weights.ts";

/**
 * Modules that multiply the same rows. Where rows are few, one product with all their weights, which then lie
 * one below the other, is faster than one product each, because threads are woken once.
 */
const joint: readonly (readonly LayerModule[])[] = [
  ["q_proj", "k_proj", "v_proj"],
  ["gate_proj", "up_proj"],
];

/** The name of the feed that holds the weights of several modules, [Σ out, in]. */
export const jointName = (modules: readonly LayerModule[]): string => modules.join("+");

/**
 * Moves weights together: the store's tensors become rows of larger ones, [Σ out, in]. Returns these for each
 * layer, by the names of their feeds.
 */
export async function joinWeights(
  device: Device,
  config: ZebraConfig,
  weights: TensorStore,
): Promise<Record<string, Tensor>[]> {
  const layers: Record<string, Tensor>[] = [];
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const joined: Record<string, Tensor> = {};
    for (const modules of joint) {
      const names = modules.map((module) => layerWeightName(layer, module));
      const rows = names.reduce((sum, name) => sum + weights.get(name).shape[0]!, 0);
      const all = device.empty([rows, weights.get(names[0]!).shape[1]!]);
      let start = 0;
      for (const name of names) {
        const end = start + weights.get(name).shape[0]!;
        const own = device.rows(all, start, end);
        await device.write(own, await device.read(weights.get(name)));
        weights.adopt(name, own);
        start = end;
      }
      joined[jointName(modules)] = all;
    }
    layers.push(joined);
  }
  return layers;
}
