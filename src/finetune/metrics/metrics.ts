import { appendFile, readFile } from "node:fs/promises";
import type { EventOf } from "../../contracts/events.ts";
import { trainPaths } from "../../contracts/run-folder.ts";
import { writeFileAtomic } from "../../files.ts";

/** What is measured while training. */
export type TrainingMetric = EventOf<"train.step" | "train.validation">;

/** Adds one line: a `train.step` or `train.validation` event as it is. */
export async function appendMetric(trainDir: string, metric: TrainingMetric): Promise<void> {
  await appendFile(trainPaths(trainDir).metrics, `${JSON.stringify(metric)}\n`);
}

/**
 * Drops the lines of steps after `step`, which a resumed run makes again, and a last line cut short by a
 * crash. Step 0 starts an empty file.
 */
export async function trimMetrics(trainDir: string, step: number): Promise<void> {
  const path = trainPaths(trainDir).metrics;
  const text = await readFile(path, "utf8").catch(() => "");
  const kept = text
    .split("\n")
    .slice(0, -1)
    .filter((line) => step > 0 && (JSON.parse(line) as TrainingMetric).step <= step);
  await writeFileAtomic(path, kept.map((line) => `${line}\n`).join(""));
}
