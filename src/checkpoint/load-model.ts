import { type DeviceChoice, openChosen } from "../engine/choice/choose-device.ts";
import type { Device } from "../engine/device.ts";
import type { ZebraModel } from "../model/api.ts";
import { generate, generateBatch } from "../model/generate/generate.ts";
import { likelihoods } from "../model/generate/likelihoods.ts";
import { openPrefix } from "../model/generate/prefix.ts";
import { compileNetwork } from "../model/network.ts";
import { allLogits, tokenNll } from "../model/score.ts";
import { TensorStore } from "../model/weights.ts";
import { modelEnds } from "./carried/generation-config.ts";
import { type Checkpoint, expectedTensors } from "./checkpoint.ts";
import { findModel, openModel } from "./model-folder.ts";

/**
 * Loads a checkpoint folder for scoring and generation; default device: the CPU. The folder may be that of a
 * PEFT adapter, which is merged into its base: `base`, or what its config names. Throws CheckpointError,
 * ConfigError and UnusableDevice.
 */
export async function loadModel(
  dir: string,
  { device: choice = "cpu", base }: { device?: DeviceChoice; base?: string | undefined } = {},
): Promise<ZebraModel> {
  const { device, chosen } = await openChosen(choice);
  const checkpoint = await openModel(dir, base);
  try {
    const weights = await readWeights(device, checkpoint);
    const network = await compileNetwork(device, checkpoint.config, weights);
    return {
      config: checkpoint.config,
      ends: await modelEnds(await findModel(dir, base), checkpoint.config),
      device: chosen,
      logits: (ids, segments) => allLogits(network, ids, segments),
      nll: (ids, targets, segments) => tokenNll(network, ids, targets, segments),
      likelihoods: (texts) => likelihoods(network, texts),
      generate: (prompt, options) => generate(network, prompt, options),
      generateBatch: (prompts, options) => generateBatch(network, prompts, options),
      openPrefix: (ids, longest) => openPrefix(network, ids, longest),
      [Symbol.asyncDispose]: () => device.dispose(),
    };
  } finally {
    await checkpoint.close();
  }
}

/** Every tensor that the checkpoint's config asks for, as float32, one read at a time. */
export async function readWeights(device: Device, checkpoint: Checkpoint): Promise<TensorStore> {
  const weights = new TensorStore(device);
  for (const { name } of expectedTensors(checkpoint.config)) {
    const { data, shape } = await checkpoint.readTensor(name);
    weights.set(name, data, shape);
  }
  return weights;
}
