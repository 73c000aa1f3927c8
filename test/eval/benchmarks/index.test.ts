import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { benchmarkCatalog } from "../../../src/eval/benchmarks/index.ts";

it("the catalog and the folder hold the same benchmarks", () => {
  const files = readdirSync(new URL("../../../src/eval/benchmarks", import.meta.url));
  expect(files.filter((file) => file !== "index.ts").sort()).toEqual(
    Object.keys(benchmarkCatalog)
      .map((name) => `${name}.ts`)
      .sort(),
  );
});
