import { expect, it } from "vitest";
import { formatTable } from "../../../src/cli/output/format.ts";

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

it("cells come from data: they cannot steer the terminal or break the row", () => {
  expect(formatTable(["id", "n"], [["a\u001b[2J\nb\u202e", "1"]])).toEqual([
    "id        n",
    "────────  ─",
    "a [2J b   1",
  ]);
});
