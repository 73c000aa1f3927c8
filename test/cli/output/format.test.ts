import { expect, it } from "vitest";
import { formatSummary, formatTable } from "../../../src/cli/output/format.ts";
import { formatBytes, formatDuration, formatValue } from "../../../src/format.ts";

it.each([
  [0, "0.0 s"],
  [9940, "9.9 s"],
  [9960, "10 s"],
  [59_600, "1 min 0 s"],
  [250_000, "4 min 10 s"],
  [7_500_000, "2 h 5 min"],
])("%d ms is %s", (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});

it.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1536, "1.5 KiB"],
  [812 * 2 ** 20, "812 MiB"],
])("%d bytes are %s", (sizeBytes, text) => {
  expect(formatBytes(sizeBytes)).toBe(text);
});

it.each([
  [0, "0"],
  [0.12345, "0.1235"],
  [-0.5, "-0.5000"],
  [12.3456, "12.35"],
  [1234.5, "1,235"],
  [0.00002, "2.000e-5"],
  [Number.NaN, "NaN"],
])("the value %d is %s", (value, text) => {
  expect(formatValue(value)).toBe(text);
});

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
