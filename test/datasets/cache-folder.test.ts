import { homedir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cacheFolder } from "../../src/datasets/cache-folder.ts";

test("XDG_CACHE_HOME where it is set and not empty, else ~/.cache", () => {
  expect(cacheFolder({ XDG_CACHE_HOME: "/elsewhere" }, "zebratune", "teacher")).toBe(
    join("/elsewhere", "zebratune", "teacher"),
  );
  const home = join(homedir(), ".cache", "huggingface");
  expect(cacheFolder({}, "huggingface")).toBe(home);
  expect(cacheFolder({ XDG_CACHE_HOME: "" }, "huggingface")).toBe(home);
});
