import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { runPaths, stagePaths } from "../../../src/contracts/run-folder.ts";
import { readVerdict } from "../../../src/eval/verdict/verdict.ts";

/** The folder of a run that was tuned and not evaluated. */
function tuned(benchmarks: readonly object[]): string {
  const runDir = mkdtempSync(join(tmpdir(), "next-"));
  for (const stage of ["data", "mix", "finetune"] as const) {
    mkdirSync(dirname(stagePaths(runDir, stage).result), { recursive: true });
    writeFileSync(stagePaths(runDir, stage).result, "{}");
  }
  const recipe = { mix: { max_seq_tokens: 512 }, finetune: { epochs: 1 }, eval: { benchmarks } };
  writeFileSync(runPaths(runDir).recipe, JSON.stringify(recipe));
  return runDir;
}

it("an evaluation is offered where the recipe has one", async () => {
  const titles = async (benchmarks: readonly object[]) =>
    (await readVerdict(tuned(benchmarks), ["finetune"])).next.map(({ title }) => title);
  expect(await titles([{ name: "long-qa" }])).toContain("evaluate it");
  expect(await titles([])).not.toContain("evaluate it");
  expect(await titles([])).toContain("try the checkpoint");
});
