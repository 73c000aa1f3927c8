import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Checkpoint, expectedTensors, openCheckpoint } from "../checkpoint/checkpoint.ts";
import { type ChosenDevice, openChosen } from "../engine/choose-device.ts";
import type { Device } from "../engine/device.ts";
import { inFloat16 } from "../engine/float16.ts";
import { CheckpointError, ConfigError } from "../errors.ts";
import { parseConfig, toZebra, type ZebraConfig } from "../model/config.ts";
import { initialWeights } from "../model/init.ts";
import type { Training } from "../model/layer.ts";
import { readWeights } from "../model/load.ts";
import { initialAdapters } from "../model/lora.ts";
import { compileNetwork, type Network } from "../model/network.ts";
import { type LayerModule, layerModules, type TensorStore } from "../model/weights.ts";
import type { FinetuneSpec, ModelSpec } from "../recipe/recipe.ts";

/** The model a training starts from. */
export interface Start {
  network: Network;
  /** Folder whose tokenizer files go with every checkpoint written. */
  tokenizerDir: string;
  chosen: ChosenDevice;
}

/** Reads (or initialises) the weights and compiles the programs for what the recipe trains. */
export async function startNetwork(model: ModelSpec, spec: FinetuneSpec, seed: number): Promise<Start> {
  const { device: full, chosen } = await openChosen(spec.device);
  const device = spec.compute_dtype === "float16" ? await inFloat16(full) : full;
  const training = trainingOf(spec);
  const { config, weights, tokenizerDir } = model.checkpoint
    ? await fromCheckpoint(device, model)
    : await fromConfig(device, model, seed);
  if (training.kind === "lora") initialAdapters(weights, config, training, seed);
  return { network: await compileNetwork(device, config, weights, training), tokenizerDir, chosen };
}

export function trainingOf({ method, lora }: FinetuneSpec): Training {
  if (method === "full") return { kind: "full" };
  const unknown = lora.target_modules.filter((module) => !(module in layerModules));
  if (unknown.length > 0) {
    const known = Object.keys(layerModules).join(", ");
    throw new ConfigError("finetune.lora.target_modules", [
      `expected some of ${known}, got ${unknown.join(", ")}`,
    ]);
  }
  return { kind: "lora", r: lora.r, alpha: lora.alpha, modules: lora.target_modules as LayerModule[] };
}

/** The model's shape as it will be trained, without its weights. Throws CheckpointError, ConfigError. */
export async function modelConfig(model: ModelSpec): Promise<ZebraConfig> {
  if (!model.checkpoint) return layoutOf(await readConfig(resolve(model.config!)), model);
  const checkpoint = await openCheckpoint(resolve(model.checkpoint));
  await checkpoint.close();
  return layoutOf(checkpoint.config, model);
}

function layoutOf(config: ZebraConfig, { group, window }: ModelSpec): ZebraConfig {
  if (group === undefined && window === undefined) return config;
  if (group === undefined || window === undefined) {
    throw new ConfigError("model", ["expected group and window together, got only one of them"]);
  }
  return toZebra(config, { group, window });
}

type Loaded = { config: ZebraConfig; weights: TensorStore; tokenizerDir: string };

async function fromCheckpoint(device: Device, model: ModelSpec): Promise<Loaded> {
  const dir = resolve(model.checkpoint!);
  const checkpoint: Checkpoint = await openCheckpoint(dir);
  try {
    const weights = await readWeights(device, checkpoint);
    return { config: layoutOf(checkpoint.config, model), weights, tokenizerDir: dir };
  } finally {
    await checkpoint.close();
  }
}

async function fromConfig(device: Device, model: ModelSpec, seed: number): Promise<Loaded> {
  const config = layoutOf(await readConfig(resolve(model.config!)), model);
  const weights = initialWeights(device, config, expectedTensors(config), seed);
  return { config, weights, tokenizerDir: resolve(model.tokenizer!) };
}

async function readConfig(path: string): Promise<ZebraConfig> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new CheckpointError(`${path}: expected a config.json, got a file that cannot be read`, { cause });
  });
  return parseConfig(JSON.parse(text), path);
}
