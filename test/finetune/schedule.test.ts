import { expect, it } from "vitest";
import { learningRate } from "../../src/finetune/schedule.ts";

it.each([
  // Cosine: (1 + cos πp) / 2 of the way between floor and lr.
  ["cosine", 0.1, [0.5, 1, 0.1 + 0.45 * (1 + Math.SQRT1_2), 0.55, 0.1 + 0.45 * (1 - Math.SQRT1_2), 0.1]],
  ["linear", 0.1, [0.5, 1, 0.775, 0.55, 0.325, 0.1]],
  ["linear", 0, [0.5, 1, 0.75, 0.5, 0.25, 0]],
  ["constant", 0.1, [0.5, 1, 1, 1, 1, 1]],
] as const)(
  "%s to %d of lr: a rise over the warm-up, then its fall",
  (lr_schedule, min_lr_ratio, expected) => {
    const spec = { lr: 2, lr_schedule, min_lr_ratio, warmup_steps: 2 };
    const rates = [1, 2, 3, 4, 5, 6].map((step) => learningRate(spec, step, 6));
    expect(rates).toBeAllClose(
      expected.map((share) => 2 * share),
      { atol: 1e-12 },
    );
  },
);

it("stays at its floor where steps go on past the last", () => {
  const spec = { lr: 1, lr_schedule: "linear", min_lr_ratio: 0.1, warmup_steps: 0 } as const;
  expect(learningRate(spec, 99, 10)).toBeCloseTo(0.1, 12);
});
