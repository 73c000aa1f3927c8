import { afterAll, describe, expect, it } from "vitest";
import { adamwStep } from "../../../src/finetune/optimizers/adamw.ts";
import { adamwStepOn, globalNormOn } from "../../../src/finetune/optimizers/adamw-program.ts";
import { randomOf } from "../../../src/random.ts";
import { available } from "../../engine/available.ts";

const settings = { adam_beta1: 0.9, adam_beta2: 0.95, adam_eps: 1e-8, weight_decay: 0.1 };
const shape = [3, 5];

for (const { name, device, skip, reason } of await Promise.all(
  (["cpu", "tfjs", "webgpu"] as const).map(available),
)) {
  describe.skipIf(skip)(`on device ${name}${reason}`, () => {
    if (!device) return;
    afterAll(() => device.dispose());
    const random = randomOf(1, "adamw");
    const normal = () => Float32Array.from({ length: 15 }, () => random.normal());

    for (const isDecayed of [true, false]) {
      it(`AdamW as a program equals the kernel, decay ${isDecayed}`, async () => {
        const loop = {
          values: normal(),
          gradient: normal(),
          m: new Float32Array(15),
          v: new Float32Array(15),
        };
        loop.gradient[3] = 0;
        const tensors = {
          values: device.upload(loop.values.slice(), shape),
          gradient: device.upload(loop.gradient.slice(), shape),
          m: device.zeros(shape),
          v: device.zeros(shape),
        };
        for (let step = 1; step <= 5; step++) {
          const at = { step, lr: 0.01, scale: 0.7, isDecayed };
          // The kernel clears the gradient, the program leaves that to its caller.
          adamwStep({ ...loop, gradient: loop.gradient.slice() }, settings, at);
          await adamwStepOn(device, tensors, settings, at);
        }
        for (const key of ["values", "m", "v"] as const) {
          expect(await device.read(tensors[key])).toBeAllClose(loop[key], { atol: 5e-7 });
        }
      });
    }

    it("the norm of all gradients, matrices and vectors together", async () => {
      const [matrix, vector] = [normal(), normal()];
      const on = [device.upload(matrix.slice(), shape), device.upload(vector.slice(), [15])];
      expect(await globalNormOn(device, on)).toBeCloseTo(Math.hypot(...matrix, ...vector), 5);
      // More rows than go through at once.
      const tall = Float32Array.from({ length: 2 * 2500 }, () => random.normal());
      const whole = Math.hypot(...tall);
      expect((await globalNormOn(device, [device.upload(tall.slice(), [2500, 2])])) / whole).toBeCloseTo(
        1,
        6,
      );
    });
  });
}
