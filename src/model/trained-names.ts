import type { ZebraConfig } from "./config/config.ts";
import type { Training } from "./layers/layer.ts";
import {
  embeddingName,
  finalNormName,
  headName,
  type LayerWeight,
  layerModules,
  layerWeightName,
  loraName,
} from "./weights.ts";

const norms: readonly LayerWeight[] = ["input_layernorm", "post_attention_layernorm"];

/**
 * Full names of the tensors that a training changes, always in the same order, in which sums over them are
 * taken.
 */
export function trainedNames(config: ZebraConfig, training: Training): string[] {
  if (training.kind === "none") return [];
  const layers = Array.from({ length: config.num_hidden_layers }, (_, layer) => layer);
  if (training.kind === "lora") {
    return layers.flatMap((layer) =>
      training.modules.flatMap((module) => [loraName(layer, module, "A"), loraName(layer, module, "B")]),
    );
  }
  const weights = [...norms, ...(Object.keys(layerModules) as LayerWeight[])];
  return [
    embeddingName,
    ...layers.flatMap((layer) => weights.map((weight) => layerWeightName(layer, weight))),
    finalNormName,
    ...(config.tie_word_embeddings ? [] : [headName(config)]),
  ];
}
