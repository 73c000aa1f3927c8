import { expect, it } from "vitest";
import { checkpointPath, checkpointStep, stagePaths } from "../../src/contracts/run-folder.ts";

it.each([
  ["data", "runs/a/data", "runs/a/data/manifest.json"],
  ["mix", "runs/a/mix", "runs/a/mix/manifest.json"],
  ["finetune", "runs/a/train", "runs/a/train/final"],
  ["eval", "runs/a/eval", "runs/a/eval/results.json"],
] as const)("%s is in %s, whole with %s", (stage, folder, result) => {
  expect(stagePaths("runs/a", stage)).toEqual({
    folder,
    record: `${folder}/stage.json`,
    result,
    previous: `${folder}.previous`,
  });
});

it("a checkpoint's step is in its name", () => {
  expect(checkpointStep(checkpointPath("", 1200))).toBe(1200);
  expect(["checkpoint-", "checkpoint-1.tmp", "final"].map(checkpointStep)).toEqual(Array(3).fill(undefined));
});
