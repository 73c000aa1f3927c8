import { expect, test } from "vitest";
import { clipped, type Line, named } from "../../../tui/views/lines.ts";

const textOf = (lines: readonly Line[]) => lines.map((line) => line.map(({ text }) => text).join(""));

test("a name never touches its text: a long one has its own line", () => {
  expect(textOf(named({ text: "notes" }, "3 kept of the rows", 8, 18))).toEqual([
    "notes   3 kept of",
    "        the rows",
  ]);
  expect(textOf(named({ text: "world-factbook" }, "3 kept", 14, 43))).toEqual([
    "world-factbook",
    "              3 kept",
  ]);
});

test("lines that are cut short end with a sign of it, within the width", () => {
  const lines = named({ text: "mix" }, "one two three four five six", 5, 14);
  expect(textOf(clipped(lines, 9, 14))).toEqual(["mix  one two", "     three", "     four five", "     six"]);
  expect(textOf(clipped(lines, 3, 14))).toEqual(["mix  one two", "     three", "     four fi …"]);
  expect(textOf(clipped(lines, 2, 14))).toEqual(["mix  one two", "     three …"]);
  expect(clipped(lines, 0, 14)).toEqual([]);
});
