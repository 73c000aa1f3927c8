import { describe, expect, it } from "vitest";
import {
  type AdamwSettings,
  type AdamwStep,
  type AdamwTensor,
  adamwStep,
  clipFactor,
  copiedValues,
} from "../../../src/finetune/optimizers/adamw.ts";
import { adamwArrays } from "../../../src/finetune/optimizers/adamw-kernel.ts";
import { adamwArraysOf, kernelOf } from "../../../src/finetune/optimizers/kernel-memory.ts";
import { learningRate } from "../../../src/finetune/schedule.ts";
import { randomOf } from "../../../src/random.ts";

const settings = { adam_beta1: 0.9, adam_beta2: 0.95, adam_eps: 1e-8, weight_decay: 0.1 };

describe("AdamW", () => {
  const tensor = () => ({
    values: Float32Array.of(1, -2),
    gradient: Float32Array.of(0.5, 0),
    m: new Float32Array(2),
    v: new Float32Array(2),
  });

  it("moves by lr against the sign of the first gradient, and decays apart from it", () => {
    const one = tensor();
    adamwStep(one, settings, { step: 1, lr: 0.01, scale: 1, isDecayed: true });
    expect(one.values[0]).toBeCloseTo(1 - 0.01 * 0.1 - 0.01, 6);
    expect(one.values[1]).toBeCloseTo(-2 * (1 - 0.001), 6);
    expect(one.m[0]).toBeCloseTo(0.05, 8);
    expect([...one.gradient]).toEqual([0, 0]);
  });

  it("equals the definition in float64 over any length, more than one piece of it included", () => {
    const random = randomOf(1, "adamw");
    for (const length of [1, 3, 4, copiedValues - 1, copiedValues, 2 * copiedValues + 5]) {
      const normal = () => Float32Array.from({ length }, () => random.normal());
      const one = { values: normal(), gradient: normal(), m: normal(), v: normal().map((x) => x * x) };
      const expected = byDefinition(one, settings, { step: 3, lr: 0.01, scale: 0.7, isDecayed: true });
      adamwStep(one, settings, { step: 3, lr: 0.01, scale: 0.7, isDecayed: true });
      for (const key of ["values", "m", "v"] as const) {
        expect(one[key]).toBeAllClose(expected[key], { atol: 3e-6 });
      }
    }
  });

  it("gives the same bits where arrays lie in the kernel's memory", () => {
    const random = randomOf(2, "adamw");
    const lengths = [1, 5, copiedValues, copiedValues + 3];
    const groups = adamwArraysOf(lengths, adamwArrays.length);
    const elsewhere = groups.map((group) => group.map((array) => array.map(() => Math.abs(random.normal()))));
    for (const [g, group] of groups.entries())
      for (const [i, array] of group.entries()) array.set(elsewhere[g]![i]!);
    for (const arrays of [...groups, ...elsewhere]) {
      const [values, gradient, m, v] = arrays as [Float32Array, Float32Array, Float32Array, Float32Array];
      const at = { step: 3, lr: 0.01, scale: 0.7, isDecayed: true };
      adamwStep({ values, gradient, m, v }, settings, at);
    }
    expect(groups).toEqual(elsewhere);
    expect(groups.map((group) => kernelOf(group) === undefined)).toEqual(lengths.map(() => false));
    expect(kernelOf(elsewhere[0]!)).toBe(undefined);
    expect(kernelOf([groups[0]![0]!, elsewhere[0]![0]!])).toBe(undefined);
  });

  // Memory that is not touched is not there.
  it("has several memories where one is too small, and none for what no memory can hold", () => {
    const groups = adamwArraysOf([2 ** 27, 2 ** 27, 3, 2 ** 28], adamwArrays.length);
    expect(groups.map((group) => group.map(({ length }) => length))).toEqual(
      [2 ** 27, 2 ** 27, 3, 2 ** 28].map((length) => [length, length, length, length]),
    );
    const [first, second, third, fourth] = groups.map(kernelOf);
    expect([first, second].includes(undefined) || first === second).toBe(false);
    expect(third).toBe(second);
    expect(fourth).toBe(undefined);
  });

  it("lets moments that sink below the normal numbers become 0, and no others", () => {
    const one = { ...tensor(), gradient: new Float32Array(2), m: Float32Array.of(1.2e-38, -1.4e-38) };
    one.v.set([1.2e-38, 1]);
    adamwStep(one, settings, { step: 9, lr: 0.01, scale: 1, isDecayed: false });
    expect([...one.m]).toEqual([0, Math.fround(-1.4e-38 * Math.fround(0.9))]);
    expect([...one.v]).toEqual([0, Math.fround(0.95)]);
  });

  it("does not decay norms", () => {
    const one = tensor();
    adamwStep(one, settings, { step: 1, lr: 0.01, scale: 1, isDecayed: false });
    expect(one.values[1]).toBe(-2);
  });

  it("clips as torch does", () => {
    expect(clipFactor(5, 1)).toBeCloseTo(1 / (5 + 1e-6), 12);
    expect(clipFactor(0.5, 1)).toBe(1);
    expect(clipFactor(5, 0)).toBe(1);
  });
});

function byDefinition(
  { values, gradient, m, v }: AdamwTensor,
  { adam_beta1: beta1, adam_beta2: beta2, adam_eps: eps, weight_decay }: AdamwSettings,
  { step, lr, scale, isDecayed }: AdamwStep,
): Record<"values" | "m" | "v", number[]> {
  const g = Array.from(gradient, (x) => x * scale);
  const first = g.map((x, i) => beta1 * m[i]! + (1 - beta1) * x);
  const second = g.map((x, i) => beta2 * v[i]! + (1 - beta2) * x * x);
  const decayed = Array.from(values, (x) => x * (1 - (isDecayed ? lr * weight_decay : 0)));
  const moved = decayed.map((x, i) => {
    const [mean, square] = [first[i]! / (1 - beta1 ** step), second[i]! / (1 - beta2 ** step)];
    return x - (lr * mean) / (Math.sqrt(square) + eps);
  });
  return { values: moved, m: first, v: second };
}

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
