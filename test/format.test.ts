import { expect, it } from "vitest";
import {
  formatBytes,
  formatCount,
  formatCut,
  formatDuration,
  formatKept,
  formatValue,
} from "../src/format.ts";

it.each([
  [0, "0.0 s"],
  [9940, "9.9 s"],
  [9960, "10 s"],
  [59_600, "1 min 0 s"],
  [250_000, "4 min 10 s"],
  [7_500_000, "2 h 5 min"],
  [180_000_000, "2 d 2 h"],
])("%d ms is %s", (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});

it.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1536, "1.5 KiB"],
  [812 * 2 ** 20, "812 MiB"],
  [1.5 * 2 ** 30, "1.5 GiB"],
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
  [2e7, "2.000e+7"],
  [Number.NaN, "NaN"],
])("the value %d is %s", (value, text) => {
  expect(formatValue(value)).toBe(text);
});

it("counts have commas", () => {
  expect([0, 1234567, Number.NaN].map(formatCount)).toEqual(["0", "1,234,567", "NaN"]);
});

it("what is in counts what was shortened: 0 kept, 2 shortened meant that 2 are in", () => {
  expect(formatKept({ kept: 0, shortened: 2, changed: 0 })).toBe("2 kept (2 shortened)");
  expect(formatKept({ kept: 1234, shortened: 3, changed: 1 })).toBe("1,238 kept (3 shortened, 1 changed)");
  expect(formatKept({ kept: 0, shortened: 0, changed: 0 })).toBe("0 kept");
});

it.each([
  [{ rows: 0, share: 0, tokens: 0 }, ""],
  [{ rows: 12, share: 0.3, tokens: 5120 }, "12 of them cut (30 %, 5,120 tokens)"],
  [{ rows: 1, share: 0.001, tokens: 9 }, "1 of them cut (< 1 %, 9 tokens)"],
  [{ rows: 999, share: 0.999, tokens: 1 }, "999 of them cut (99 %, 1 tokens)"],
  [{ rows: 4, share: 1, tokens: 40 }, "4 of them cut (100 %, 40 tokens)"],
  [undefined, ""],
])("what was cut, %j, is %j", (cut, text) => {
  expect(formatCut(cut)).toBe(text);
});
