import { writeAdapter } from "../checkpoint/adapter/adapter.ts";
import { mergeAdapter } from "../checkpoint/adapter/merge.ts";
import type { Tuned } from "../checkpoint/carried/carry.ts";
import { expectedTensors, writeCheckpoint } from "../checkpoint/checkpoint.ts";
import { weightDtypes } from "../checkpoint/safetensors/dtype.ts";
import type { FinetuneSpec } from "../contracts/recipe.ts";
import { trainPaths } from "../contracts/run-folder.ts";
import type { ZebraConfig } from "../model/config/config.ts";
import type { Network } from "../model/network.ts";
import { type LayerModule, layerModules, layerWeightName, loraName } from "../model/weights.ts";

/**
 * Writes the trained model as a Hugging Face folder, adapters merged into the weights they adapt, and for
 * LoRA the PEFT adapter beside it (`adapter`), each with the tokenizer.
 */
export async function saveFinal(
  network: Network,
  trainDir: string,
  {
    tokenizerDir,
    baseModel,
    saveDtype,
    tuned,
    adaptedTo = 0,
  }: {
    tokenizerDir: string;
    baseModel: string | null;
    saveDtype: FinetuneSpec["save_dtype"];
    tuned?: Tuned;
    /** Positions that the model has learned; config.json says so where it said fewer. */
    adaptedTo?: number;
  },
): Promise<string> {
  if (network.training.kind === "lora") {
    // PEFT, and the tools on it, read an adapter's tokenizer from its own folder.
    const carried = { carryFrom: tokenizerDir, ...(tuned && { tuned }) };
    await saveAdapter(network, trainPaths(trainDir).adapter, baseModel, carried);
  }
  const dir = trainPaths(trainDir).final;
  await writeCheckpoint(dir, {
    config: withPositions(withEnds(network.config, tuned), adaptedTo),
    tensors: mergedTensors(network),
    dtype: weightDtypes[saveDtype],
    carryFrom: tokenizerDir,
    tuned,
  });
  return dir;
}

/**
 * The config as it is written. An EOS that generation does not stop at is the model type's default, which the
 * base's config.json does not have: written out it would become an end.
 */
function withEnds(config: ZebraConfig, tuned: Tuned | undefined): ZebraConfig {
  const ends = [tuned?.generationConfig.eos_token_id ?? []].flat() as number[];
  const own = [config.eos_token_id ?? []].flat();
  return ends.length === 0 || own.every((id) => ends.includes(id))
    ? config
    : { ...config, eos_token_id: ends };
}

function withPositions(config: ZebraConfig, adaptedTo: number): ZebraConfig {
  return { ...config, max_position_embeddings: Math.max(config.max_position_embeddings, adaptedTo) };
}

/** The adapter alone, in PEFT's form; `carried`: tokenizer files to go with it. */
export async function saveAdapter(
  network: Network,
  dir: string,
  baseModel: string | null,
  carried?: { carryFrom: string; tuned?: Tuned },
): Promise<void> {
  const { training } = network;
  if (training.kind !== "lora")
    throw new TypeError("saveAdapter: expected a network with adapters, got none");
  const tensors = [];
  for (let layer = 0; layer < network.config.num_hidden_layers; layer++) {
    for (const module of training.modules) {
      for (const side of ["A", "B"] as const) {
        const name = loraName(layer, module, side);
        tensors.push({ name, shape: network.weights.get(name).shape, data: await host(network, name) });
      }
    }
  }
  await writeAdapter(dir, {
    r: training.r,
    alpha: training.alpha,
    targetModules: [...training.modules],
    baseModel,
    tensors,
    ...carried,
  });
}

async function* mergedTensors(network: Network) {
  const merges = await adapterOfWeight(network);
  for (const { name, shape } of expectedTensors(network.config)) {
    const data = await host(network, name);
    yield { name, shape, data: merges.get(name)?.(data) ?? data };
  }
}

/** For each adapted weight, how its adapter goes into it. */
async function adapterOfWeight(
  network: Network,
): Promise<Map<string, (weight: Float32Array) => Float32Array>> {
  const merges = new Map<string, (weight: Float32Array) => Float32Array>();
  const { training } = network;
  if (training.kind !== "lora") return merges;
  for (let layer = 0; layer < network.config.num_hidden_layers; layer++) {
    for (const module of Object.keys(layerModules) as LayerModule[]) {
      if (!training.modules.includes(module)) continue;
      const a = await host(network, loraName(layer, module, "A"));
      const b = await host(network, loraName(layer, module, "B"));
      const scale = training.alpha / training.r;
      merges.set(layerWeightName(layer, module), (weight) => mergeAdapter(weight, a, b, training.r, scale));
    }
  }
  return merges;
}

async function host(network: Network, name: string): Promise<Float32Array> {
  return (await network.device.read(network.weights.get(name))) as Float32Array;
}
