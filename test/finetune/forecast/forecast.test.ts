import { expect, it } from "vitest";
import { elementCount } from "../../../src/engine/graph/element-count.ts";
import type { Calibration } from "../../../src/finetune/forecast/calibrate.ts";
import { packSeconds, scoreSeconds, trainedParameters } from "../../../src/finetune/forecast/forecast.ts";
import { parameterCount } from "../../../src/model/cost.ts";
import { initialAdapters } from "../../../src/model/train/lora.ts";
import { trainedNames } from "../../../src/model/trained-names.ts";
import { tinyConfig, tinyNetwork } from "../../model/tiny.ts";

const config = tinyConfig();
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
