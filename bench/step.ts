/** Whole training steps of zebra-117m, one pack a step, beside the MatMul rate of the same run. */
import { readFile } from "node:fs/promises";
import { expectedTensors } from "../src/checkpoint/checkpoint.ts";
import { cpuDevice } from "../src/engine/devices/cpu.ts";
import { createOptimizer, optimizerStep } from "../src/finetune/optimizer.ts";
import { backpropagate } from "../src/model/backward.ts";
import { parseConfig, type ZebraConfig } from "../src/model/config.ts";
import { initialWeights } from "../src/model/init.ts";
import { initialAdapters } from "../src/model/lora.ts";
import { compileNetwork } from "../src/model/network.ts";
import { trainedNames } from "../src/model/trained.ts";
import { randomOf } from "../src/random.ts";
import { type Case, measure } from "./measure.ts";
import { matmulRoofline } from "./roofline.ts";

const settings = {
  adam_beta1: 0.9,
  adam_beta2: 0.95,
  adam_eps: 1e-8,
  weight_decay: 0.1,
  max_grad_norm: 1,
};

export function stepCases(): Case[] {
  return (["full", "lora"] as const).flatMap((method) =>
    [2048, 8192, 16384].map((tokens) => {
      const name = `step zebra-117m ${method} T${tokens}`;
      return { name, run: () => benchStep(name, method, tokens) };
    }),
  );
}

/** A quarter of the tokens is supervised, as an answer after a document; long packs keep layer inputs only. */
export async function benchStep(name: string, method: "full" | "lora", T: number) {
  const file = "recipes/zebra-117m.config.json";
  const config = parseConfig(JSON.parse(await readFile(file, "utf8")), file);
  const device = cpuDevice();
  const weights = initialWeights(device, config, expectedTensors(config), 1);
  const modules = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] as const;
  const training = method === "full" ? { kind: method } : { kind: method, r: 16, alpha: 32, modules };
  if (training.kind === "lora") initialAdapters(weights, config, training, 1);
  const network = await compileNetwork(device, config, weights, training);
  const optimizer = createOptimizer(weights, trainedNames(config, training));
  const random = randomOf(1, "bench");
  const ids = Int32Array.from({ length: T }, () => random.below(config.vocab_size));
  const supervised = T / 4;
  const targets = ids.map((id, t) => (t >= T - supervised ? id : -100));
  const batch = { ids, targets, weights: new Float32Array(T).fill(1 / supervised), segments: [T] };
  const checkpointing = T > 4096 ? "layer" : "none";
  let step = 0;
  const row = await measure(name, "GFLOP/s", {
    work: usefulFlops(config, T, supervised, method),
    async call() {
      await backpropagate(network, batch, optimizer.gradients, checkpointing);
      await optimizerStep(optimizer, settings, { step: ++step, lr: 1e-4 });
    },
    roofline: await matmulRoofline(device),
    note: `checkpointing ${checkpointing}, peak ${(process.resourceUsage().maxRSS / 2 ** 20).toFixed(1)} GiB so far`,
  });
  await device.dispose();
  const perToken = (row.seconds / T) * 1e3;
  return { ...row, note: `${perToken.toFixed(2)} ms a token, ${row.note}` };
}

/**
 * Products only, each once: forward, and twice that backward (once with LoRA: no gradients of the weights).
 * What activation checkpointing computes again does not count.
 */
function usefulFlops(config: ZebraConfig, T: number, supervised: number, method: "full" | "lora"): number {
  const { hidden_size: D, intermediate_size: F, vocab_size: V } = config;
  let scores = 0;
  for (const type of config.layer_types) {
    const w = type === "sliding_attention" ? Math.min(config.sliding_window ?? T, T) : T;
    scores += w * T - (w * (w - 1)) / 2;
  }
  const linear = 2 * (config.num_hidden_layers * T * (4 * D * D + 3 * D * F) + supervised * D * V);
  return (method === "full" ? 3 : 2) * linear + 3 * 4 * scores * D;
}
