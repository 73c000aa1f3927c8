import fc from "fast-check";
import { expect, it } from "vitest";
import { isValidationStep, validationsAfter } from "../../src/contracts/validation-steps.ts";

const stepsOf = (total: number, every: number) =>
  Array.from({ length: total }, (_, i) => i + 1).filter((step) => isValidationStep(step, total, every));

it("a validation right before the last one is left out", () => {
  // The quick start measured after step 64 and again after 65.
  expect(stepsOf(65, 32)).toEqual([32, 65]);
  expect(stepsOf(72, 32)).toEqual([32, 64, 72]);
  expect(stepsOf(12, 4)).toEqual([4, 8, 12]);
  expect(stepsOf(5, 0)).toEqual([5]);
  expect(stepsOf(3, 50)).toEqual([3]);
});

it("those to come are those that come", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 80 }), fc.nat(90), fc.nat(80), (total, every, step) => {
      const left = stepsOf(total, every).filter((one) => one > step).length;
      expect(validationsAfter(step, total, every)).toBe(left);
    }),
  );
});
