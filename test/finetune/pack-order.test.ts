import { describe, expect, it } from "vitest";
import { packsOfStep } from "../../src/finetune/pack-order.ts";

describe("longest_first", () => {
  const epoch = (number: number, order: "longest_first" | "shuffled") =>
    Array.from({ length: 20 }, (_, i) => packsOfStep(number * 20 + i + 1, 40, 2, 7, order)).flat();

  it("brings the largest pack to the first step and leaves the others in their order", () => {
    const shuffled = epoch(0, "shuffled");
    expect(shuffled[0]).not.toBe(0);
    expect(epoch(0, "longest_first")).toEqual([0, ...shuffled.filter((pack) => pack !== 0)]);
  });

  it("is an order like any other from the second epoch on: memory was tried once", () => {
    for (const number of [1, 2]) {
      expect(epoch(number, "shuffled")[0]).not.toBe(0);
      expect(epoch(number, "longest_first")).toEqual(epoch(number, "shuffled"));
    }
  });
});
