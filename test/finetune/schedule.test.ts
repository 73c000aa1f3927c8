import { describe, expect, it } from "vitest";
import { learningRate } from "../../src/finetune/schedule.ts";

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
