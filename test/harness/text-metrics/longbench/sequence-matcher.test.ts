import { expect, it } from "vitest";
import {
  codeSimilarity,
  fuzzyRatio,
} from "../../../../src/harness/text-metrics/longbench/code-similarity.ts";
import { sequenceRatio } from "../../../../src/harness/text-metrics/longbench/sequence-matcher.ts";

it("is difflib's ratio, with its autojunk from 200 characters on", () => {
  expect(sequenceRatio("abcd", "bcde")).toBe(0.75);
  expect(sequenceRatio("", "")).toBe(1);
  expect(sequenceRatio("🦓a", "🦓b")).toBe(0.5);
  // Every character makes up over 1 %: none begins a block.
  expect(sequenceRatio("ab".repeat(100), `x${"ab".repeat(100)}`)).toBe(0);
  expect(sequenceRatio("ab".repeat(99), `x${"ab".repeat(99)}`)).toBeCloseTo(396 / 397, 12);
});

it("is asked about the first line of code, in whole percents", () => {
  expect(fuzzyRatio("abcdefgh", "a")).toBe(22);
  expect(fuzzyRatio("", "")).toBe(100);
  expect(fuzzyRatio("", "a")).toBe(0);
  expect(codeSimilarity("\n\n# comment\n```\nint i;\nint j;", "int i;")).toBe(1);
});
