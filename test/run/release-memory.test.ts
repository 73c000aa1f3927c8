import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packagePath } from "../../src/package-root.ts";
import { runPipeline } from "../../src/run/pipeline.ts";
import { loadRecipe } from "../../src/run/recipe/load-recipe.ts";
import { runners } from "../../src/run/runners.ts";

// In a process of its own, with a heap that nothing else has touched.
const program = `
import { releaseMemory } from ${JSON.stringify(packagePath("src", "run", "release-memory.ts"))};
import { setImmediate } from "node:timers/promises";
// Rows as a stage reads them: many live at a time, all of them left in the end.
let rows = [];
for (let i = 0; i < 1_500_000; i++) rows.push({ id: String(i), text: "row " + i });
await setImmediate();
rows = undefined;
const before = process.memoryUsage().heapTotal;
releaseMemory();
await setImmediate();
console.log(JSON.stringify([before, process.memoryUsage().heapTotal]));
`;

it("a run does so before it trains", async () => {
  const folder = mkdtempSync(join(tmpdir(), "zebra-release-"));
  const recipe = await loadRecipe("quickstart", [`output_dir=${folder}`]);
  const heap: number[] = [];
  await runPipeline(recipe, {
    stages: ["data", "finetune"],
    emit: () => {},
    stop: { stopped: false },
    runners: {
      ...runners,
      async data() {
        const rows = Array.from({ length: 1_200_000 }, (_, i) => ({ id: String(i), text: `row ${i}` }));
        heap.push(process.memoryUsage().heapTotal + 0 * rows.length);
      },
      async finetune() {
        heap.push(process.memoryUsage().heapTotal);
        throw new Error("seen");
      },
    },
  });
  expect(heap).toHaveLength(2);
  expect(heap[1]! - heap[0]!).toBeLessThan(-80e6);
});

it("the heap that a stage has grown is given back, not kept for the next", () => {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  const [before, after] = JSON.parse(stdout) as [number, number];
  expect(before).toBeGreaterThan(100e6);
  expect(after).toBeLessThan(20e6);
});
