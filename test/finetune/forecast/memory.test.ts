import { expect, it } from "vitest";
import { peakBytes } from "../../../src/finetune/forecast/memory.ts";
import type { TrainingForm } from "../../../src/finetune/forecast/training-form.ts";
import type { OptimizerName } from "../../../src/finetune/optimizers/index.ts";
import { optimizerSettings } from "../../../src/finetune/update/settings.ts";
import { parameterCount } from "../../../src/model/cost.ts";
import { tinyConfig } from "../../model/tiny.ts";

const config = tinyConfig();
const form = (
  training: TrainingForm["training"],
  checkpointing: TrainingForm["checkpointing"],
  optimizer: OptimizerName = "adamw",
): TrainingForm => ({ config, training, checkpointing, optimizer: optimizerSettings(optimizer) });
const pack = (tokens: number) => ({ segments: [tokens], supervisedTokens: tokens / 4 });
const full = { kind: "full" } as const;
const lora = { kind: "lora", r: 3, alpha: 6, modules: ["q_proj"] } as const;

it("forecasts less memory with activation checkpointing, less with LoRA, more for longer packs", async () => {
  const none = await peakBytes(form(full, "none"), [pack(2048)]);
  const layer = await peakBytes(form(full, "layer"), [pack(2048)]);
  expect(layer.total).toBeLessThan(none.total);
  expect(layer.weights).toBe(4 * parameterCount(config).total);
  expect(layer.optimizer).toBe(3 * layer.weights);
  expect((await peakBytes(form(lora, "layer"), [pack(2048)])).optimizer).toBeLessThan(layer.optimizer / 10);
  const shorter = await peakBytes(form(full, "none"), [pack(1024)]);
  expect(none.activations / shorter.activations).toBeGreaterThan(1.8);
});

it("forecasts a gradient and as much state as the optimizer keeps for each trained parameter", async () => {
  const optimizer = async (name: OptimizerName) =>
    (await peakBytes(form(full, "layer", name), [pack(64)])).optimizer / parameterCount(config).total;
  expect([await optimizer("adamw"), await optimizer("lion")]).toEqual([12, 8]);
});

it("counts what validation's own programs keep, and no more for a pack that was there before", async () => {
  const once = await peakBytes(form(full, "none"), [pack(1024)]);
  const validated = await peakBytes(form(full, "none"), [pack(1024)], [pack(1024)]);
  const twelve = await peakBytes(form(full, "none"), Array(12).fill(pack(1024)));
  expect(validated.programs).toBeGreaterThan(once.programs);
  expect(twelve.programs).toBe(once.programs);
  // Ids and the targets' weights of each pack are uploads, which nothing gives back by itself.
  expect(twelve.activations - once.activations).toBeLessThan(12 * 1024 * 24);
});
