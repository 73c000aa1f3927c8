import { describe, expect, it } from "vitest";
import type { RunEvent } from "../../../../src/contracts/events.ts";
import { smoothed, training } from "../../../../src/eval/report/sections/training.ts";

const step = (
  n: number,
  lossBySource?: Record<string, { lossNatsPerToken: number; supervisedTokens: number }>,
): RunEvent => ({
  ...{ type: "train.step", step: n, totalSteps: 9, lossNatsPerToken: 3, gradNorm: 1, lr: 1e-4 },
  ...{ tokens: 4000, supervisedTokens: 500, tokensPerSecond: 1000, memoryBytes: 1 },
  ...(lossBySource && { lossBySource }),
});

describe("smoothing", () => {
  it("counts tokens and not steps: a step of one token hardly moves the line", () => {
    const sums = Array.from({ length: 40 }, (_, i) => ({ step: i, nats: 300, supervisedTokens: 100 }));
    sums[20] = { step: 20, nats: 9, supervisedTokens: 1 };
    for (const { y } of smoothed(sums)) expect(y).toBeCloseTo(3, 1);
  });

  it("follows a fall, from both sides alike", () => {
    const sums = Array.from({ length: 100 }, (_, i) => ({ step: i, nats: 100 - i, supervisedTokens: 1 }));
    const line = smoothed(sums).map(({ y }) => y);
    expect(line.every((y, i) => i === 0 || y < line[i - 1]!)).toBe(true);
    expect(line[50]).toBeCloseTo(50, 0);
  });
});

describe("the charts of training", () => {
  it("there are none without training, and those by dataset where it was told", () => {
    expect(training([])).toBe("");
    expect(training([step(1), step(2)]).match(/<figure/g)).toHaveLength(1);
    const one = { lossNatsPerToken: 2, supervisedTokens: 5 };
    const html = training([step(1, { notes: one, addresses: one }), step(2, { notes: one })]);
    expect(html.match(/<figure/g)).toHaveLength(2);
    expect(html).toContain("Training loss by dataset");
  });
});
