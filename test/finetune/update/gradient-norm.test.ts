import { afterAll, describe, expect, it } from "vitest";
import { clipFactor, globalNorm } from "../../../src/finetune/update/gradient-norm.ts";
import { randomOf } from "../../../src/random.ts";
import { available } from "../../engine/available.ts";

for (const { name, device, skip, reason } of await Promise.all(
  (["cpu", "tfjs", "webgpu"] as const).map(available),
)) {
  describe.skipIf(skip)(`on device ${name}${reason}`, () => {
    if (!device) return;
    afterAll(() => device.dispose());

    it("the norm of all gradients, matrices and vectors together", async () => {
      const random = randomOf(1, "norm");
      const normal = (length: number) => Float32Array.from({ length }, () => random.normal());
      const [matrix, vector] = [normal(15), normal(15)];
      const on = [device.upload(matrix.slice(), [3, 5]), device.upload(vector.slice(), [15])];
      expect(await globalNorm(device, on)).toBeCloseTo(Math.hypot(...matrix, ...vector), 5);
      // More rows than go through at once.
      const tall = normal(2 * 2500);
      const norm = await globalNorm(device, [device.upload(tall.slice(), [2500, 2])]);
      expect(norm / Math.hypot(...tall)).toBeCloseTo(1, 6);
    });
  });
}

it("clips as torch does", () => {
  expect(clipFactor(5, 1)).toBeCloseTo(1 / (5 + 1e-6), 12);
  expect(clipFactor(0.5, 1)).toBe(1);
  expect(clipFactor(5, 0)).toBe(1);
});
