import { expect, it } from "vitest";
import { lion } from "../../../src/finetune/optimizers/lion.ts";
import { updateOnHost } from "../../../src/finetune/update/host-update.ts";
import { optimizerSettings } from "../../../src/finetune/update/settings.ts";
import { randomOf } from "../../../src/random.ts";

const { options } = optimizerSettings("lion");

/** One step with the options' defaults. */
function step(values: Float32Array, gradient: Float32Array, m: Float32Array, lr: number, decay: number) {
  const scalars = lion.scalars({ beta1: 0.9, beta2: 0.99 }, { step: 1, lr, decay });
  updateOnHost(lion, [values, gradient, m], { scale: 1, ...scalars });
}

it("has the paper's defaults", () => {
  expect(options).toEqual({ beta1: 0.9, beta2: 0.99 });
});

it("moves every value by lr, whatever the gradient's size, in the direction of 0.9 m + 0.1 g", () => {
  // Directions: of 100, of 1e-6, of −3 against a momentum of 1 (0.6 is left), of −10 against it, and none.
  const values = Float32Array.of(1, 1, 1, 1, 1);
  const gradient = Float32Array.of(100, 1e-6, -3, -10, 0);
  const m = Float32Array.of(0, 0, 1, 1, 0);
  step(values, gradient, m, 0.25, 0);
  expect([...values]).toEqual([0.75, 0.75, 0.75, 1.25, 1]);
  const expected = [1, 1e-8, 0.96, 0.89, 0];
  for (const [i, value] of expected.entries()) expect(m[i]).toBeCloseTo(value, 6);
  expect([...gradient]).toEqual([0, 0, 0, 0, 0]);
});

it("decays by lr · weight_decay apart from the direction", () => {
  const values = Float32Array.of(8, -8);
  step(values, Float32Array.of(1, 0), new Float32Array(2), 0.5, 0.25);
  expect([...values]).toEqual([8 * 0.875 - 0.5, -8 * 0.875]);
});

it("equals the paper's algorithm 2 over many steps, in float64", () => {
  const random = randomOf(3, "lion");
  const normal = (length = 500) => Float32Array.from({ length }, () => random.normal());
  const [values, m] = [normal(), new Float32Array(500)];
  const theta = Array.from(values);
  const momentum = new Array<number>(500).fill(0);
  const [eta, lambda] = [0.01, 0.1];
  for (let t = 1; t <= 20; t++) {
    const gradient = normal();
    for (const [i, g] of gradient.entries()) {
      const c = 0.9 * momentum[i]! + (1 - 0.9) * g;
      theta[i] = theta[i]! - eta * (Math.sign(c) + lambda * theta[i]!);
      momentum[i] = 0.99 * momentum[i]! + (1 - 0.99) * g;
    }
    step(values, gradient, m, eta, lambda);
  }
  expect(values).toBeAllClose(theta, { atol: 2e-6 });
  expect(m).toBeAllClose(momentum, { atol: 1e-6 });
});
