import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { escapeHtml, escapeRegExp, quoteForShell } from "../src/quote.ts";

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

it("an escaped text as a regular expression matches itself alone", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, other) => {
      const pattern = new RegExp(`^${escapeRegExp(text)}$`);
      expect([pattern.test(text), pattern.test(other)]).toEqual([true, text === other]);
    }),
  );
});
