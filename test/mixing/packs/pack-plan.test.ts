import { describe, expect, it } from "vitest";
import { packsOfStep } from "../../../src/finetune/pack-order.ts";
import { packsOf, planPacks } from "../../../src/mixing/packs/pack-plan.ts";
import { mixSpec } from "../data-folder.ts";
import { tableOf } from "../sequences/tables.ts";

describe("order of packs", () => {
  const lengths = Array.from({ length: 300 }, (_, i) => 10 + ((i * i * 7) % 240));
  const longestOf = (order: "shuffled" | "longest_first" | "curriculum") => {
    const { table } = tableOf(lengths);
    const mix = { ...mixSpec, order, length_buckets: [64, 128] };
    const plan = planPacks(table, [...lengths.keys()], mix, 1);
    const packs = [...packsOf(table, plan)].map(({ pack }) => pack);
    expect(packs.flatMap(({ sources }) => sources).length).toBe(300);
    return packs;
  };

  it("longest_first: the first step's pack is the largest", () => {
    const packs = longestOf("longest_first");
    expect(packs[0]!.input_ids.length).toBe(Math.max(...packs.map(({ input_ids }) => input_ids.length)));
    expect(packsOfStep(1, 40, 2, 7, "longest_first")[0]).toBe(0);
    const epoch = Array.from({ length: 20 }, (_, i) => packsOfStep(i + 1, 40, 2, 7, "longest_first")).flat();
    expect(epoch.toSorted((a, b) => a - b)).toEqual([...Array(40).keys()]);
    expect(epoch.slice(0, 5)).not.toEqual([0, 1, 2, 3, 4]);
  });

  it("curriculum: short sequences first, in every epoch, and packs of one kind of length", () => {
    const longest = longestOf("curriculum").map(({ seq_lengths }) => Math.max(...seq_lengths));
    expect(longest).toEqual(longest.toSorted((a, b) => a - b));
    expect(packsOfStep(3, 6, 2, 7, "curriculum")).toEqual([4, 5]);
    expect(packsOfStep(4, 6, 2, 7, "curriculum")).toEqual([0, 1]);
    const kinds = longestOf("curriculum").map(
      ({ seq_lengths }) => new Set([...seq_lengths].map((n) => (n < 64 ? 0 : n < 128 ? 1 : 2))).size,
    );
    expect(Math.max(...kinds)).toBe(1);
  });
});
