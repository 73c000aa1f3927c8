import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, oneLine } from "../../../tui/browser/fold.ts";
import { columnsOf } from "../harness.tsx";

test("lines break at blanks, long words anywhere, and own breaks stay", () => {
  expect(fold("one two three\n\n  four", 8)).toEqual(["one two", "three", "", "  four"]);
  expect(fold("abcdefghij k", 4)).toEqual(["abcd", "efgh", "ij k"]);
  expect(fold("日本語のテキスト", 6)).toEqual(["日本語", "のテキ", "スト"]);
  expect(fold("a\u001b[2Jb\tc", 20)).toEqual(["a [2Jb c"]);
});

test("nothing is lost but blanks, and no line is wider", () => {
  const char = fc.constantFrom("a", "bc", " ", "日", "ｗ", "\n", "-");
  fc.assert(
    fc.property(fc.array(char, { maxLength: 60 }), fc.integer({ min: 2, max: 20 }), (parts, width) => {
      const text = parts.join("");
      const lines = fold(text, width);
      expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(width);
      expect(lines.join("").replaceAll(" ", "")).toBe(text.replace(/[ \n]/g, ""));
      for (const isEnd of [true, false])
        expect(columnsOf(oneLine(text, width, isEnd))).toBeLessThanOrEqual(width);
    }),
  );
});

test("one line keeps the beginning, or the end of what is asked", () => {
  expect(oneLine("who wrote\nMoby Dick?", 40)).toBe("who wrote Moby Dick?");
  expect(oneLine("who wrote Moby Dick?", 10)).toBe("who wrote…");
  expect(oneLine("who wrote Moby Dick?", 10, true)).toBe("…oby Dick?");
});
