import { expect, it } from "vitest";
import type { EventOf } from "../../src/contracts/events.ts";
import { layoutResults } from "../../tui/results-table.ts";
import { addResult, emptyResults } from "../../tui/state/results.ts";

const event = (slice: string, model: string, rows: number): EventOf<"eval.result"> => ({
  ...{ type: "eval.result", benchmark: "b", metric: "f1", better: "higher", value: 0.5, n: 40 },
  ...{ slice, model, cut: { rows, share: rows / 40, tokens: 10 * rows } },
});

it("has a column for the share of rows that were cut, where some were", () => {
  const texts = (results: Parameters<typeof layoutResults>[0]) => {
    const { columns, rows } = layoutResults(results, 100);
    const at = columns.findIndex(({ title }) => title === "cut");
    return at < 0 ? "no column" : rows.map(({ cells }) => cells[at]!.text);
  };
  const none = addResult(emptyResults, event("", "before", 0));
  expect(texts(none)).toBe("no column");
  const some = [event("", "before", 12), event("", "after", 4), event("short", "before", 0)];
  expect(texts(some.reduce(addResult, emptyResults))).toEqual(["30 %", ""]);
});
