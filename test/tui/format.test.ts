import { expect, test } from "vitest";
import { formatBytes, formatCount, formatDuration, formatValue } from "../../src/format.ts";
import { joinFacts, topReasons, wrapCommand, wrapText } from "../../tui/facts.ts";
import { displayPath, formatClock, formatDifference, formatRate, formatSummary } from "../../tui/format.ts";

test("durations", () => {
  const minute = 60_000;
  expect([840, 9960, 59_400, 250_000, 125 * minute, 3000 * minute].map(formatDuration)).toEqual([
    "0.8 s",
    "10 s",
    "59 s",
    "4 min 10 s",
    "2 h 5 min",
    "2 d 2 h",
  ]);
  expect([0, 999, 9999, 10_000, 61_999].map(formatClock)).toEqual(["0 s", "0 s", "9 s", "10 s", "1 min 1 s"]);
});

test("sizes, counts and speeds", () => {
  expect([512, 1536, 851_443_712, 1.5 * 2 ** 30].map(formatBytes)).toEqual([
    "512 B",
    "1.5 KiB",
    "812 MiB",
    "1.5 GiB",
  ]);
  expect([0, 1234567, Number.NaN].map(formatCount)).toEqual(["0", "1,234,567", "NaN"]);
  expect([0.24, 1.94, 3210.4].map((rate) => formatRate(rate, "steps"))).toEqual([
    "4.2 s/step",
    "1.9 steps/s",
    "3,210 steps/s",
  ]);
});

test("values have four digits, differences a sign", () => {
  expect([0, 0.123456, 12.3456, 1234.5, 1e-5, 2e7, Number.NaN].map(formatValue)).toEqual([
    "0",
    "0.1235",
    "12.35",
    "1,235",
    "1.000e-5",
    "2.000e+7",
    "NaN",
  ]);
  expect([0.25, -0.25, 0, Number.NaN].map(formatDifference)).toEqual(["+0.2500", "−0.2500", "0", "NaN"]);
});

test("summaries and paths read well", () => {
  expect(formatSummary({ train_packs: 1440, loss: 2.21651, checkpoint: "/w/runs/a" }, "/w")).toBe(
    "train packs 1,440, loss 2.217, checkpoint runs/a",
  );
  expect(["/w/a", "/w", "/wider/a", "text"].map((path) => displayPath(path, "/w"))).toEqual([
    "a",
    ".",
    "/wider/a",
    "text",
  ]);
});

test("facts that do not fit are left out from the end, the first never", () => {
  const facts = ["step 1 of 2", "3 s left", "1.0 steps/s"];
  expect(joinFacts(facts, 36)).toBe("step 1 of 2 · 3 s left · 1.0 steps/s");
  expect(joinFacts(facts, 35)).toBe("step 1 of 2 · 3 s left");
  expect(joinFacts(facts, 5)).toBe("step 1 of 2");
});

test("the most frequent reasons are named", () => {
  expect(topReasons({ a: 1, b: 1400, c: 2, d: 3, e: 1 })).toBe("b 1,400, d 3, c 2, 2 more reasons");
  expect(topReasons({ a: 1, b: 2, c: 3, d: 4 })).toBe("d 4, c 3, b 2, 1 more reason");
  expect(topReasons({})).toBe("");
});

test("a long command stays one command: broken outside quotes, with backslashes", () => {
  const command = `zebra run 'my recipe.yaml' finetune.lr=3e-4 --note "a \\"b\\" c"`;
  expect(wrapCommand(command, 200)).toEqual([command]);
  expect(wrapCommand(command, 34)).toEqual([
    "zebra run 'my recipe.yaml' \\",
    `  finetune.lr=3e-4 --note \\`,
    `  "a \\"b\\" c"`,
  ]);
  expect(wrapCommand("a-single-long-word", 5)).toEqual(["a-single-long-word"]);
});

test("text is wrapped between words, with its own breaks and indents", () => {
  expect(wrapText("one two three", 7)).toBe("one two\nthree");
  expect(wrapText("recipe: 2 problems\n  - first is long\n\n  - second", 12)).toBe(
    "recipe: 2\nproblems\n  - first is\n  long\n\n  - second",
  );
  expect(wrapText("averylongword", 5)).toBe("averylongword");
});
