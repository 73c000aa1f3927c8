import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readRecipeTasks, taskProblems } from "../../../src/eval/tasks/recipe-tasks.ts";
import { tasksOf } from "../../../src/harness/files/load-tasks.ts";
import { writeDataset } from "../../harness/shipped/ask.ts";
import { rowsOf } from "../../harness/shipped/rows.ts";
import { evalSpec } from "../eval-spec.ts";

const copy = join(mkdtempSync(join(tmpdir(), "recipe-tasks-")), "piqa");
writeDataset(copy, undefined, rowsOf("piqa"));
const { harness } = evalSpec();

it("a recipe names tasks that ship, and copies of their datasets", async () => {
  const spec = evalSpec({ tasks: ["piqa", "sciq"], harness: { ...harness, data: [`piqa=${copy}`] } });
  const { members } = await readRecipeTasks(spec);
  expect(members.flatMap(tasksOf).map(({ dataset_path }) => dataset_path)).toEqual([copy, "allenai/sciq"]);
  expect(await taskProblems(spec)).toEqual([]);
});

it("a recipe's copies are looked at before any stage", async () => {
  const wrong = evalSpec({ tasks: ["piqa"], harness: { ...harness, data: ["pika=nowhere"] } });
  expect((await taskProblems(wrong)).join()).toContain("expected a folder that there is, got pika=nowhere");
});
