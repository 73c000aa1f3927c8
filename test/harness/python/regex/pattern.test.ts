import { expect, it } from "vitest";
import { PatternEffortError, PatternError } from "../../../../src/harness/python/regex/errors.ts";
import { compilePattern, escapePattern } from "../../../../src/harness/python/regex/pattern.ts";
import { readParts } from "../../parts.ts";

it("finds and replaces what Python's re does, and refuses what it refuses", () => {
  const { patterns } = readParts();
  expect(patterns.length).toBeGreaterThan(200);
  for (const { pattern, error, repl, found } of patterns) {
    if (error !== undefined) {
      expect(() => compilePattern(pattern), `${pattern}: ${error}`).toThrow(PatternError);
      continue;
    }
    const compiled = compilePattern(pattern);
    for (const [text, all, sub, one] of found)
      expect(
        [compiled.findall(text), compiled.sub(repl, text), compiled.sub(repl, text, 1)],
        `${pattern} on ${JSON.stringify(text)}`,
      ).toEqual([all, sub, one]);
  }
});

it("means Python's \\w, case and empty matches where JavaScript's differ", () => {
  expect(compilePattern("\\w+").findall("naïve 東京 ٣")).toEqual(["naïve", "東京", "٣"]);
  expect(compilePattern("(?i)s").findall("sSſ")).toEqual(["s", "S", "ſ"]);
  // After an empty match, one that is not may begin at the same place.
  expect(compilePattern("|a").findall("a")).toEqual(["", "a", ""]);
  // A group keeps what it took in an earlier turn of a loop.
  expect(compilePattern("(?:(a)|b)*").findall("ab")).toEqual(["a", ""]);
  expect(compilePattern("x$").findall("x\n")).toEqual(["x"]);
  expect(compilePattern("😀.").findall("😀😂")).toEqual(["😀😂"]);
});

it("names groups, and places in code points", () => {
  const pattern = compilePattern("(?P<num>\\d+)/(?P<den>\\d+)");
  const match = pattern.search("😀 3/4")!;
  expect([match.start, match.end, match.group(0), match.group(pattern.names.get("den")!)]).toEqual([
    2,
    5,
    "3/4",
    "4",
  ]);
  expect(pattern.search("none")).toBeUndefined();
});

it.each([
  ["(a+)+$", `${"a".repeat(60)}b`],
  ["(a|aa)+$", `${"a".repeat(60)}b`],
  ["(?:a?){40}a{40}", "a".repeat(39)],
  ["(.*)*x", "a".repeat(2000)],
])("%s fails on a text that it would not end on", (source, text) => {
  expect(() => compilePattern(source).findall(text)).toThrow(PatternEffortError);
});

it("is not tried any more after it did not end on three texts", () => {
  const pattern = compilePattern("(a+)+$");
  const hostile = `${"a".repeat(60)}b`;
  for (let i = 0; i < 3; i++) expect(() => pattern.findall(hostile)).toThrow(/on a text of 61 characters/);
  expect(() => pattern.findall("a")).toThrow(/on 3 texts before/);
});

it("goes through a long text without a match in little work", () => {
  expect(compilePattern("(?s).*#### ").sub("", "x".repeat(100_000))).toHaveLength(100_000);
});

it("refuses by name what it does not read", () => {
  expect(() => compilePattern("\\N{DASH}")).toThrow(/\\N\{…\}/);
  expect(() => compilePattern("(?<=a*)b")).toThrow(/look-behind of a fixed width/);
  expect(() => compilePattern("a(?i)b")).toThrow(/flags at the pattern's beginning/);
  expect(() => compilePattern(`${"(".repeat(300)}${")".repeat(300)}`)).toThrow(/at most 200 deep/);
});

it("escapes as re.escape", () => {
  expect(escapePattern("a.b c-(d)#é\n")).toBe("a\\.b\\ c\\-\\(d\\)\\#é\\\n");
});
