import { describe, expect, it } from "vitest";
import { adamwStep, clipFactor, globalNorm } from "../../src/finetune/adamw.ts";
import { learningRate } from "../../src/finetune/schedule.ts";

const settings = { adam_beta1: 0.9, adam_beta2: 0.95, adam_eps: 1e-8, weight_decay: 0.1 };

describe("AdamW", () => {
  const tensor = (isDecayed: boolean) => ({
    values: Float32Array.of(1, -2),
    gradient: Float32Array.of(0.5, 0),
    m: new Float32Array(2),
    v: new Float32Array(2),
    isDecayed,
  });

  it("moves by lr against the sign of the first gradient, and decays apart from it", () => {
    const one = tensor(true);
    adamwStep(one, settings, { step: 1, lr: 0.01, scale: 1 });
    expect(one.values[0]).toBeCloseTo(1 - 0.01 * 0.1 - 0.01, 6);
    expect(one.values[1]).toBeCloseTo(-2 * (1 - 0.001), 6);
    expect([...one.m]).toEqual([Math.fround(0.05), 0]);
  });

  it("does not decay norms", () => {
    const one = tensor(false);
    adamwStep(one, settings, { step: 1, lr: 0.01, scale: 1 });
    expect(one.values[1]).toBe(-2);
  });

  it("clips as torch does", () => {
    expect(globalNorm([Float32Array.of(3), Float32Array.of(4)])).toBe(5);
    expect(clipFactor(5, 1)).toBeCloseTo(1 / (5 + 1e-6), 12);
    expect(clipFactor(0.5, 1)).toBe(1);
    expect(clipFactor(5, 0)).toBe(1);
  });
});

describe("learning rate", () => {
  const spec = { lr: 1, lr_schedule: "cosine", min_lr_ratio: 0.1, warmup_steps: 4 } as const;
  it("rises to lr over the warm-up and falls to its floor on the last step", () => {
    expect([1, 2, 4].map((step) => learningRate(spec, step, 24))).toEqual([0.25, 0.5, 1]);
    expect(learningRate(spec, 14, 24)).toBeCloseTo(0.55, 12);
    expect(learningRate(spec, 24, 24)).toBeCloseTo(0.1, 12);
  });
  it("stays where it is when constant, without a warm-up from the first step", () => {
    expect(learningRate({ ...spec, lr_schedule: "constant", warmup_steps: 0 }, 1, 3)).toBe(1);
    expect(learningRate({ ...spec, lr_schedule: "constant" }, 24, 24)).toBe(1);
  });
});
