import { expect, it } from "vitest";
import { formatSummary, formatTable } from "../../../src/cli/output/format.ts";

it("summaries name each of their values", () => {
  expect(formatSummary({ examples: 1234, loss: 2.34567, device: "cpu" })).toBe(
    "examples 1,234, loss 2.346, device cpu",
  );
});

it("tables are aligned, with nothing after the last column", () => {
  expect(
    formatTable(
      ["name", "n"],
      [
        ["a", "1"],
        ["long name", "100"],
      ],
    ),
  ).toEqual(["name         n", "─────────  ───", "a            1", "long name  100"]);
});
