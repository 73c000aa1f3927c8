import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expectedTensors } from "../checkpoint/checkpoint.ts";
import { readWeights } from "../checkpoint/load-model.ts";
import { findModel, openModel } from "../checkpoint/model-folder.ts";
import type { FinetuneSpec, ModelSpec } from "../contracts/recipe.ts";
import { type ChosenDevice, openChosen } from "../engine/choice/choose-device.ts";
import type { Device } from "../engine/device.ts";
import { inFloat16 } from "../engine/onnx/float16.ts";
import { CheckpointError, ConfigError } from "../errors.ts";
import { parseConfig, toZebra, type ZebraConfig } from "../model/config/config.ts";
import type { Training } from "../model/layers/layer.ts";
import { compileNetwork, type Network } from "../model/network.ts";
import { initialWeights } from "../model/train/init.ts";
import { initialAdapters } from "../model/train/lora.ts";
import { type LayerModule, layerModules, type TensorStore } from "../model/weights.ts";

/** The model a training starts from. */
export interface Start {
  network: Network;
  /** Folder whose tokenizer files go with every checkpoint written. */
  tokenizerDir: string;
  /**
   * The folder, as the recipe writes it, that an adapter trained here goes on top of. Null where no folder
   * holds the model as the training starts it: after `model.group`, or with another adapter merged in.
   */
  baseModel: string | null;
  chosen: ChosenDevice;
}

/** Reads (or initialises) the weights and compiles the programs for what the recipe trains. */
export async function startNetwork(model: ModelSpec, spec: FinetuneSpec, seed: number): Promise<Start> {
  const { device: full, chosen } = await openChosen(spec.device);
  const device = spec.compute_dtype === "float16" ? await inFloat16(full) : full;
  const training = trainingOf(spec);
  const { config, weights, ...folders } = model.checkpoint
    ? await fromCheckpoint(device, model, model.checkpoint)
    : await fromConfig(device, model, seed);
  if (training.kind === "lora") initialAdapters(weights, config, training, seed);
  return { network: await compileNetwork(device, config, weights, training), ...folders, chosen };
}

/**
 * Opens a device and closes it again, so that one that cannot be used is told before work is done that it
 * would be needed for. Throws UnusableDevice.
 */
export async function requireDevice(name: FinetuneSpec["device"]): Promise<void> {
  const { device } = await openChosen(name);
  await device.dispose();
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
  const checkpoint = await openModel(model.checkpoint, model.base);
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

type Loaded = { config: ZebraConfig; weights: TensorStore } & Pick<Start, "tokenizerDir" | "baseModel">;

async function fromCheckpoint(device: Device, model: ModelSpec, dir: string): Promise<Loaded> {
  const { adapter, tokenizer } = await findModel(dir, model.base);
  await using checkpoint = await openModel(dir, model.base);
  const config = layoutOf(checkpoint.config, model);
  const isAsItStands = adapter === null && isDeepStrictEqual(config, checkpoint.config);
  const weights = await readWeights(device, checkpoint);
  return { config, weights, tokenizerDir: tokenizer, baseModel: isAsItStands ? dir : null };
}

async function fromConfig(device: Device, model: ModelSpec, seed: number): Promise<Loaded> {
  const config = layoutOf(await readConfig(resolve(model.config!)), model);
  const weights = initialWeights(device, config, expectedTensors(config), seed);
  return { config, weights, tokenizerDir: resolve(model.tokenizer!), baseModel: null };
}

async function readConfig(path: string): Promise<ZebraConfig> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new CheckpointError(`${path}: expected a config.json, got a file that cannot be read`, { cause });
  });
  return parseConfig(JSON.parse(text), path);
}
