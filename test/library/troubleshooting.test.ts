import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { packagePath } from "../../src/package-root.ts";

it("every error code of the program is explained, and no other", () => {
  const files = globSync("{src,tui}/**/*.{ts,tsx}", { cwd: packagePath() });
  const text = files.map((file) => readFileSync(packagePath(file), "utf8")).join("\n");
  const codes = new Set(Array.from(text.matchAll(/"(E_[A-Z_]+)"/g), ([, code]) => code!));
  const page = readFileSync(packagePath("docs", "troubleshooting.md"), "utf8");
  const explained = Array.from(page.matchAll(/^\| `(E_[A-Z_]+)`/gm), ([, code]) => code!);
  expect(explained.toSorted()).toEqual([...codes].sort());
});
