import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { trainPaths } from "../../../src/contracts/run-folder.ts";
import { trimMetrics } from "../../../src/finetune/metrics/metrics.ts";

const dir = mkdtempSync(join(tmpdir(), "zebratune-metrics-"));
afterAll(() => rmSync(dir, { recursive: true }));

/** The steps that stay of a training killed while it wrote its fifth step. */
async function stepsLeft(step: number): Promise<number[]> {
  const lines = [0, 1, 2, 3, 4].map((n) => `${JSON.stringify({ type: "train.step", step: n })}\n`);
  writeFileSync(trainPaths(dir).metrics, `${lines.join("")}{"type":"train.step","st`);
  await trimMetrics(dir, step);
  return readFileSync(trainPaths(dir).metrics, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line).step);
}

it("metrics of a resumed run end with the step that it goes on from", async () => {
  expect(await stepsLeft(2)).toEqual([0, 1, 2]);
  expect(await stepsLeft(4)).toEqual([0, 1, 2, 3, 4]);
});

it("metrics of a run from the start are none, also where there was no file", async () => {
  expect(await stepsLeft(0)).toEqual([]);
  rmSync(trainPaths(dir).metrics);
  await trimMetrics(dir, 0);
  expect(readFileSync(trainPaths(dir).metrics, "utf8")).toBe("");
});
