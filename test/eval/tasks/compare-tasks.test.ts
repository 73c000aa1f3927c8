import { expect, it } from "vitest";
import { compareTasks } from "../../../src/eval/tasks/results/compare-tasks.ts";
import type { TaskResult, TaskResults, TaskSample } from "../../../src/eval/tasks/results/task-results.ts";

const passage = (i: number): string => `passage ${i} `.repeat(12);

/** A model that answers the rows of two tasks, four questions a passage. */
function model(label: string, right: (task: string, row: number) => number) {
  const figure = { filter: "none", value: 0, stderr: 0, aggregation: "mean", higher_is_better: true };
  const figures = {
    "acc,none": { metric: "acc", ...figure },
    "acc_norm,none": { metric: "acc_norm", ...figure },
  };
  const rows = (task: string): TaskSample[] =>
    Array.from({ length: 40 }, (_, i) => ({
      ...{ doc_id: i, filter: "none", doc_hash: "", target: 0, arguments: [], resps: [], filtered_resps: [] },
      doc: { question: `${i}?`, passage: task === "read" ? passage(i % 10) : "" },
      metrics: { acc: right(task, i), acc_norm: right(task, i) },
      tokens: [],
    }));
  const tasks = Object.fromEntries(
    ["read", "know"].map((task) => [
      task,
      { task, figures } as Pick<TaskResult, "task" | "figures"> as TaskResult,
    ]),
  );
  const results = { tasks } as Pick<TaskResults, "tasks"> as TaskResults;
  return { label, results, samples: new Map(["read", "know"].map((task) => [task, rows(task)])) };
}

it("rows about one passage are not independent, and Holm's p is over the first figure of each task", () => {
  const before = model("before", () => 0);
  const after = model("after", (task, i) => (task === "read" ? (i % 10 < 4 ? 1 : 0) : i < 16 ? 1 : 0));
  const found = compareTasks([before, after]);
  expect(found.map(({ task, metric, clusters }) => [task, metric, clusters])).toEqual([
    ["read", "acc", 10],
    ["read", "acc_norm", 10],
    ["know", "acc", undefined],
    ["know", "acc_norm", undefined],
  ]);
  const [read, , know] = found;
  // Sixteen rows of forty are better in both: of four passages of ten, or each on its own.
  expect([read!.difference, know!.difference]).toEqual([0.4, 0.4]);
  expect(read!.p).toBeGreaterThan(0.03);
  expect(know!.p).toBeLessThan(1e-4);
  expect(found.map(({ p_holm }) => p_holm)).toEqual([read!.p, undefined, 2 * know!.p!, undefined]);
});
