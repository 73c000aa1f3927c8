import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packsOfStep } from "../../../src/finetune/pack-order.ts";
import { packsOf, planPacks } from "../../../src/mixing/packs/pack-plan.ts";
import { createSequenceTable } from "../../../src/mixing/sequences/sequence-table.ts";
import { exampleOf, mixSpec } from "../data-folder.ts";

const pathOf = () => join(mkdtempSync(join(tmpdir(), "zebratune-table-")), "tokens.tmp");

/** Sequences of these lengths, each of tokens that are its own. */
function tableOf(lengths: readonly number[], path = pathOf()) {
  const table = createSequenceTable(path);
  const sequences = lengths.map((length, i) => {
    const { id, task, source } = exampleOf({ dataset: i % 2 === 0 ? "even" : "odd" });
    const ids = Int32Array.from({ length }, (_, t) => (i * 1000 + t) % 4096);
    const trained = Uint8Array.from(ids, (_, t) => (t > length / 2 ? 1 : 0));
    return { ids, trained, supervised: 1, answers: [`answer ${i} 🦓`], example: { id, task, source } };
  });
  for (const sequence of sequences) table.append(sequence);
  return { table, sequences, path };
}

describe("a table of sequences", () => {
  it("gives back what was put in, in any order, and takes its file with it", () => {
    const lengths = Array.from({ length: 5000 }, (_, i) => 1 + ((i * 37) % 900));
    const { table, sequences, path } = tableOf(lengths);
    expect(table.count).toBe(5000);
    for (const i of [4999, 0, 1234, 1, 4321]) {
      const { example, ...rest } = table.read(i);
      expect(rest).toEqual({
        ids: sequences[i]!.ids,
        trained: sequences[i]!.trained,
        supervised: 1,
        answers: sequences[i]!.answers,
      });
      expect([example.id, table.dataset(i), table.tokens(i)]).toEqual([
        sequences[i]!.example.id,
        i % 2 === 0 ? "even" : "odd",
        lengths[i],
      ]);
    }
    expect(() => table.read(5000)).toThrow(RangeError);
    table[Symbol.dispose]();
    expect(existsSync(path)).toBe(false);
  });
});

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
