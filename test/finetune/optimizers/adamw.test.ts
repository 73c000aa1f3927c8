import { expect, it } from "vitest";
import { adamw } from "../../../src/finetune/optimizers/adamw.ts";
import { updateOnHost } from "../../../src/finetune/update/host-update.ts";
import { randomOf } from "../../../src/random.ts";

const options = { beta1: 0.9, beta2: 0.95, eps: 1e-8 };

const tensor = () => ({
  values: Float32Array.of(1, -2),
  gradient: Float32Array.of(0.5, 0),
  m: new Float32Array(2),
  v: new Float32Array(2),
});

function step(
  { values, gradient, m, v }: ReturnType<typeof tensor>,
  { scale = 1, ...at }: { step: number; lr: number; decay: number; scale?: number },
): void {
  updateOnHost(adamw, [values, gradient, m, v], { scale, ...adamw.scalars(options, at) });
}

it("moves by lr against the sign of the first gradient, and decays apart from it", () => {
  const one = tensor();
  step(one, { step: 1, lr: 0.01, decay: 0.1 });
  expect(one.values[0]).toBeCloseTo(1 - 0.01 * 0.1 - 0.01, 6);
  expect(one.values[1]).toBeCloseTo(-2 * (1 - 0.001), 6);
  expect(one.m[0]).toBeCloseTo(0.05, 8);
  expect([...one.gradient]).toEqual([0, 0]);
});

it("does not decay what has no decay", () => {
  const one = tensor();
  step(one, { step: 1, lr: 0.01, decay: 0 });
  expect(one.values[1]).toBe(-2);
});

it("equals the paper's algorithm 2, as it is written there, in float64", () => {
  const { beta1, beta2, eps } = options;
  const random = randomOf(1, "adamw");
  const normal = () => Float32Array.from({ length: 1000 }, () => random.normal());
  const one = { values: normal(), gradient: normal(), m: normal(), v: normal().map((x) => x * x) };
  const [t, lr, decay, scale] = [3, 0.01, 0.1, 0.7];
  const expected = Array.from(one.values, (p, i) => {
    const g = one.gradient[i]! * scale;
    const mean = (beta1 * one.m[i]! + (1 - beta1) * g) / (1 - beta1 ** t);
    const square = (beta2 * one.v[i]! + (1 - beta2) * g * g) / (1 - beta2 ** t);
    return p - lr * (mean / (Math.sqrt(square) + eps) + decay * p);
  });
  step(one, { step: t, lr, decay, scale });
  expect(one.values).toBeAllClose(expected, { atol: 1e-6 });
});

it("lets moments that sink below the normal numbers become 0, and no others", () => {
  const one = { ...tensor(), gradient: new Float32Array(2), m: Float32Array.of(1.2e-38, -1.4e-38) };
  one.v.set([1.2e-38, 1]);
  step(one, { step: 9, lr: 0.01, decay: 0 });
  expect([...one.m]).toEqual([0, Math.fround(-1.4e-38 * Math.fround(0.9))]);
  expect([...one.v]).toEqual([0, Math.fround(0.95)]);
});
