import { expect, test } from "vitest";
import { isUtf8, signsToAscii, toAscii } from "../src/ascii.ts";

test("the first of LC_ALL, LC_CTYPE and LANG that is set says whether the locale is UTF-8", () => {
  expect(isUtf8({ LANG: "en_US.UTF-8" }, "linux")).toBe(true);
  expect(isUtf8({ LANG: "de_DE.utf8" }, "linux")).toBe(true);
  expect(isUtf8({ LC_ALL: "C", LANG: "en_US.UTF-8" }, "linux")).toBe(false);
  expect(isUtf8({ LC_ALL: "", LC_CTYPE: "C.UTF-8", LANG: "C" }, "linux")).toBe(true);
  expect(isUtf8({}, "linux")).toBe(false);
  expect(isUtf8({}, "win32")).toBe(true);
});

test("signs become ones that look like them; what has none a ? for each column", () => {
  expect(toAscii("✔ done · 0.1 → 0.2 ▲ better…")).toBe("+ done | 0.1 > 0.2 ^ better~");
  expect(toAscii("é日e\u0301")).toBe("???e");
  expect(toAscii("⠁⡀⠤⣿ ")).toBe("'.-| ");
});

test("in lines of text only the signs change: names stay what they are", () => {
  expect(signsToAscii("notes/日本é.md → 3 · 4…")).toBe("notes/日本é.md > 3 | 4~");
});
