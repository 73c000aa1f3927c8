import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { MixSpec } from "../../../src/contracts/recipe.ts";
import { sharesToRead } from "../../../src/mixing/sequences/shares-to-read.ts";
import { mixSpec } from "../data-folder.ts";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "zebratune-shares-"));
  const sized = (name: string, chars: number) => ({
    name,
    file: `${name}.parquet`,
    chars: { total: chars },
    by_split: { train: 90, validation: 4, test: 6 },
    examples: 100,
  });
  // At 6 characters a token, nine tenths of them for training: 18,000 and 1,800 tokens.
  const datasets = [sized("large", 120_000), sized("small", 12_000), { name: "unknown", file: "u.parquet" }];
  writeFileSync(join(dir, "manifest.json"), JSON.stringify({ version: 1, datasets }));
});
afterAll(() => rmSync(dir, { recursive: true }));

const sharesOf = (change: Partial<MixSpec>) =>
  Object.fromEntries(
    sharesToRead(dir, { ...mixSpec, budget_tokens: 4000, weights: { unknown: 0 }, ...change }),
  );

it("twice what the budget takes of each dataset is read, at most all", () => {
  expect(sharesOf({})).toBeAllClose({ large: 4000 / 18_000, small: 1, unknown: 1 }, { rtol: 1e-12 });
  expect(sharesOf({ weights: { small: 3, unknown: 0 }, budget_tokens: 1000 })).toBeAllClose(
    { large: 500 / 18_000, small: 1500 / 1800, unknown: 1 },
    { rtol: 1e-12 },
  );
});

it("all is read where there is no budget, or where what is rare is asked for", () => {
  const all = { large: 1, small: 1, unknown: 1 };
  for (const change of [
    { budget_tokens: 0 },
    { temperature: 2 },
    { long_fraction: 0.5 },
    { task_weights: { qa: 1 } },
  ])
    expect(sharesOf(change)).toEqual(all);
});
