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
