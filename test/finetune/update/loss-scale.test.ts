import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cpuDevice } from "../../../src/engine/devices/cpu.ts";
import { inFloat16 } from "../../../src/engine/onnx/float16.ts";
import { type StepSpec, trainStep } from "../../../src/finetune/train-step.ts";
import { afterFiniteStep, afterOverflow, initialLossScale } from "../../../src/finetune/update/loss-scale.ts";
import { createOptimizer } from "../../../src/finetune/update/optimizer.ts";
import { optimizerSettings } from "../../../src/finetune/update/settings.ts";
import { openPacks, writePacks } from "../../../src/mixing/packs/pack-store.ts";
import { trainedNames } from "../../../src/model/trained-names.ts";
import { randomIds, tinyConfig, tinyNetwork } from "../../model/tiny.ts";

it("halves on overflow down to 1, and doubles after 2,000 steady steps", () => {
  let scale = initialLossScale();
  expect(scale).toEqual({ value: 65536, steadySteps: 0 });
  scale = afterOverflow(scale)!;
  expect(scale.value).toBe(32768);
  for (let step = 0; step < 1999; step++) scale = afterFiniteStep(scale);
  expect(scale).toEqual({ value: 32768, steadySteps: 1999 });
  expect(afterFiniteStep(scale)).toEqual({ value: 65536, steadySteps: 0 });
  expect(afterOverflow({ value: 1, steadySteps: 9 })).toBeNull();
  expect(afterOverflow({ value: 2, steadySteps: 9 })).toEqual({ value: 1, steadySteps: 0 });
});

it("grows to 2²⁴ and no further", () => {
  expect(afterFiniteStep({ value: 2 ** 23, steadySteps: 1999 })).toEqual({ value: 2 ** 24, steadySteps: 0 });
  const most = { value: 2 ** 24, steadySteps: 1999 };
  expect(afterFiniteStep(most)).toEqual({ value: 2 ** 24, steadySteps: 2000 });
  expect(afterFiniteStep({ ...most, steadySteps: 5000 }).value).toBe(2 ** 24);
});

const spec: StepSpec = {
  lr: 1e-2,
  lr_schedule: "constant",
  min_lr_ratio: 0,
  warmup_steps: 0,
  packs_per_step: 1,
  activation_checkpointing: "none",
};

/** One float16 step from the same weights, begun at a loss scale. */
async function step(dir: string, value: number) {
  const network = await tinyNetwork(
    tinyConfig(),
    { kind: "full" },
    await inFloat16(cpuDevice({ threads: 1 })),
  );
  const names = trainedNames(network.config, network.training);
  const optimizer = await createOptimizer(network.weights, names, optimizerSettings(), {
    value,
    steadySteps: 5,
  });
  const at = { step: 1, totalSteps: 1, seed: 1 };
  await using packs = await openPacks(dir);
  const result = await trainStep(network, optimizer, packs, spec, at);
  const read = (name: string) => network.device.read(network.weights.get(name));
  const weights = await Promise.all(names.map(read));
  return { result, weights, lossScale: optimizer.lossScale };
}

it("a step whose gradients overflow is made again at half the scale until they do not", async () => {
  const dir = mkdtempSync(join(tmpdir(), "zebratune-scale-"));
  try {
    const ids = randomIds(30, 61);
    await writePacks(dir, [
      {
        input_ids: ids,
        labels: ids,
        position_ids: ids.map((_, t) => t),
        seq_lengths: Int32Array.of(30),
        loss_weights: new Float32Array(30).fill(1),
        sources: ["a"],
      },
    ]);
    const steady = await step(dir, 1024);
    expect(steady.lossScale).toEqual({ value: 1024, steadySteps: 6 });
    const overflowed = await step(dir, 2 ** 40);
    expect(overflowed.lossScale!.value).toBeLessThan(2 ** 30);
    expect(overflowed.lossScale!.steadySteps).toBe(1);
    expect(overflowed.result.lossNatsPerToken).toBeCloseTo(steady.result.lossNatsPerToken, 6);
    expect(overflowed.result.gradNorm).toBeCloseTo(steady.result.gradNorm, 2);
    for (const [i, weights] of steady.weights.entries()) {
      // AdamW's first step is ± lr whatever the gradient's size: one of about 0 may go either way.
      expect(overflowed.weights[i]!).toBeAllClose(weights, { atol: 0.021 });
      expect(overflowed.weights[i]!.every(Number.isFinite)).toBe(true);
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
