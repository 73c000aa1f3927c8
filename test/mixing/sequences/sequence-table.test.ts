import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { tableOf } from "./tables.ts";

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
