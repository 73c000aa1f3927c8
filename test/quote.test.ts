import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { cleanLine, cleanProse, cleanText, escapeHtml, escapeRegExp, quoteForShell } from "../src/quote.ts";

it("a quoted argument is one word of the shell, unchanged", () => {
  const words = fc
    .sample(fc.string({ unit: "grapheme" }), 40)
    .filter((word) => !word.includes("\0") && word !== "");
  const printed = execFileSync("sh", ["-c", `printf '%s\\0' ${words.map(quoteForShell).join(" ")}`], {
    encoding: "utf8",
  });
  expect(printed.split("\0").slice(0, -1)).toEqual(words);
});

it("an escaped text in HTML has no character that ends a text or an attribute", () => {
  expect(escapeHtml(`<a b="c">&'`)).toBe("&#60;a b=&#34;c&#34;&#62;&#38;&#39;");
});

it("an escaped text in HTML cannot turn the direction of what follows, and keeps what words are written with", () => {
  expect(escapeHtml("\u202egnp.exe\u2066\u0000\u001b[31m\u009b")).toBe(
    "\ufffdgnp.exe\ufffd\ufffd\ufffd[31m\ufffd",
  );
  expect(escapeHtml("\u0645\u06cc\u200c\u062e\u200f\t\r\n")).toBe("\u0645\u06cc\u200c\u062e\u200f\t\r\n");
});

it("an escaped text as a regular expression matches itself alone", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, other) => {
      const pattern = new RegExp(`^${escapeRegExp(text)}$`);
      expect([pattern.test(text), pattern.test(other)]).toEqual([true, text === other]);
    }),
  );
});

const hostile = "a\u001b[31mred\u009b2J\u202eback\u2066in\u0007\r\nnext\ttab\u200bend\rover";

it("a message keeps its lines, and nothing that steers a terminal", () => {
  expect(cleanText(hostile)).toBe("a [31mred 2J back in \nnext tab end over");
  expect(cleanLine(hostile)).toBe("a [31mred 2J back in  next tab end over");
});

it("a text shown for its own sake keeps what words are written with, and shows what was replaced", () => {
  expect(cleanProse("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645\tx")).toBe(
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645\tx",
  );
  expect(cleanProse(hostile)).toBe(
    "a\ufffd[31mred\ufffd2J\ufffdback\ufffdin\ufffd\ufffd\nnext\ttab\u200bend\ufffdover",
  );
});
