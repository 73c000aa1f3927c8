import { describe, expect, it } from "vitest";
import { chooseRows } from "../../../src/harness/requests/choose-rows.ts";
import { fromJs } from "../../../src/jinja/values/from-js.ts";
import type { PyDict } from "../../../src/jinja/values/values.ts";

const rows = Array.from({ length: 40 }, (_, i) => fromJs({ q: `question ${i}` }) as PyDict);
const ids = (choice: Parameters<typeof chooseRows>[1], of = rows) =>
  chooseRows(of, choice).map(({ docId }) => docId);

describe("the rows that are asked about", () => {
  it("are all of them, or the first", () => {
    expect(ids({})).toHaveLength(40);
    expect(ids({ limit: 3 })).toEqual([0, 1, 2]);
    expect(ids({ limit: 0.11 })).toEqual([0, 1, 2, 3, 4]); // 4.4 rows, rounded up
  });

  it("are those that were named, with their own ids, in the order of the split", () => {
    expect(chooseRows(rows, { docIds: [7, 2] })).toEqual([
      { docId: 2, row: rows[2] },
      { docId: 7, row: rows[7] },
    ]);
    expect(() => ids({ docIds: [40] })).toThrow("samples: expected places of rows from 0 to 39, got 40");
  });

  it("are chosen by what is in them: rows before and after change nothing", () => {
    const chosen = new Set(chooseRows(rows, { sample: 8 }).map(({ row }) => row));
    expect(chosen.size).toBe(8);
    const others = rows.toReversed();
    expect(new Set(chooseRows(others, { sample: 8 }).map(({ row }) => row))).toEqual(chosen);
    expect(Math.max(...ids({ sample: 8 }))).toBeGreaterThan(12); // not the head
  });
});
