import { expect, it } from "vitest";
import { elementCount } from "../../../src/engine/graph/element-count.ts";
import type { Calibration } from "../../../src/finetune/forecast/calibrate.ts";
import {
  packSeconds,
  peakBytes,
  scoreSeconds,
  trainedParameters,
} from "../../../src/finetune/forecast/forecast.ts";
import type { TrainingForm } from "../../../src/finetune/forecast/training-form.ts";
import type { OptimizerName } from "../../../src/finetune/optimizers/index.ts";
import { optimizerSettings } from "../../../src/finetune/update/settings.ts";
import { parameterCount } from "../../../src/model/cost.ts";
import type { Training } from "../../../src/model/layers/layer.ts";
import { initialAdapters } from "../../../src/model/train/lora.ts";
import { trainedNames } from "../../../src/model/trained-names.ts";
import { tinyConfig, tinyNetwork } from "../../model/tiny.ts";

const config = tinyConfig();
const form = (
  training: Training,
  checkpointing: TrainingForm["checkpointing"],
  optimizer: OptimizerName = "adamw",
): TrainingForm => ({ config, training, checkpointing, optimizer: optimizerSettings(optimizer) });
const pack = (tokens: number) => ({ segments: [tokens], supervisedTokens: tokens / 4 });

it("counts what LoRA trains as the adapters that it makes", async () => {
  const training = { kind: "lora", r: 3, alpha: 6, modules: ["q_proj", "k_proj", "down_proj"] } as const;
  const network = await tinyNetwork(config, training);
  initialAdapters(network.weights, config, training, 1);
  const made = trainedNames(config, training)
    .map((name) => elementCount(network.weights.get(name).shape))
    .reduce((a, b) => a + b, 0);
  expect(trainedParameters(config, training)).toBe(made);
  expect(trainedParameters(config, { kind: "full" })).toBe(parameterCount(config).total);
});

it("forecasts less memory with activation checkpointing, less with LoRA, more for longer packs", () => {
  const full = { kind: "full" } as const;
  const lora = { kind: "lora", r: 3, alpha: 6, modules: ["q_proj"] } as const;
  const none = peakBytes(form(full, "none"), pack(4096));
  const layer = peakBytes(form(full, "layer"), pack(4096));
  expect(layer.total).toBeLessThan(none.total);
  expect(layer.weights).toBe(4 * parameterCount(config).total);
  expect(layer.optimizer).toBe(3 * layer.weights);
  expect(peakBytes(form(lora, "layer"), pack(4096)).optimizer).toBeLessThan(layer.optimizer / 10);
  expect(peakBytes(form(full, "none"), pack(8192)).activations).toBe(2 * none.activations);
});

it("forecasts a gradient and as much state as the optimizer keeps for each trained parameter", () => {
  const optimizer = (name: OptimizerName) =>
    peakBytes(form({ kind: "full" }, "layer", name), pack(64)).optimizer / parameterCount(config).total;
  expect([optimizer("adamw"), optimizer("lion")]).toEqual([12, 8]);
});

it("adds up a pack's time from its layers, its tiles and its rows of the head", () => {
  const rates = (token: number) => ({ token, score: { full_attention: 0.5, sliding_attention: 0.25 } });
  const calibration: Calibration = {
    forward: rates(1),
    training: rates(3),
    headForward: 10,
    headTraining: 20,
    pack: 1000,
    parameter: 0,
  };
  // 64 tokens are one tile of 64 x 64 scores in every layer; two layers of each kind.
  const shape = { segments: [64], supervisedTokens: 2 };
  const scores = 2 * 4096 * (0.5 + 0.25);
  // q and o 16x16, k and v 8x16, three of 24x16; the last layer's o and those three are in the head's rows.
  const after = (256 + 3 * 384) / (2 * 256 + 2 * 128 + 3 * 384);
  expect(scoreSeconds(calibration, config, shape)).toBeCloseTo((4 - after) * 64 * 1 + scores + 20, 9);
  expect(packSeconds(calibration, config, shape)).toBeCloseTo((4 - after) * 64 * 3 + scores + 40 + 1000, 9);
});
