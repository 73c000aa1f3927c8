import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { coverageOf } from "../../../src/harness/files/coverage.ts";

const task =
  "dataset_path: json\ndataset_kwargs: {data_files: r.jsonl}\ntest_split: train\ndoc_to_text: q\ndoc_to_target: a\n";

it("says of every file what it is, whether it runs, and why not", () => {
  const folder = mkdtempSync(join(tmpdir(), "coverage-"));
  const files = {
    "a.yaml": `task: a\n${task}`,
    "b.yaml": `task: b\n${task}process_docs: !function utils.f\nmetric_list: [{metric: bertscore}]\n`,
    "c.yaml": `task: c\n${task}process_docs: !function utils.g\n`,
    "d.yaml": `task: d\n${task}metric_list: [{metric: accuracy, hf_evaluate: true}]\n`,
    "base.yaml": task,
    "broken.yaml": "task: [",
    "good.yaml": "group: good\ntask: [a]\n",
    "bad.yaml": "group: bad\ntask: [a, b]\n",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const coverage = coverageOf(folder);
  const runs = coverage.files.map(({ file, kind, reasons }) => [basename(file), kind, reasons.length === 0]);
  expect(runs).toEqual([
    ["a.yaml", "task", true],
    ["b.yaml", "task", false],
    ["bad.yaml", "group", false],
    ["base.yaml", "base", true],
    ["broken.yaml", "unreadable", false],
    ["c.yaml", "task", false],
    ["d.yaml", "task", false],
    ["good.yaml", "group", true],
  ]);
  expect(coverage.tasks).toEqual({ all: 4, run: 1, declarative: 2, declarativeThatRun: 1 });
  expect(coverage.groups).toEqual({ all: 2, run: 1, declarative: 2, declarativeThatRun: 1 });
  expect([...coverage.byReason]).toEqual([
    ["Python in process_docs", 2],
    ["metric_list.metric: expected a metric that zebratune has", 2],
  ]);
  const broken = coverage.files.find(({ file }) => file.endsWith("broken.yaml"));
  expect(broken?.reasons[0]?.problem).toMatch(/^line 1: expected YAML/);
  expect(() => coverageOf(join(folder, "nowhere"))).toThrow("expected a folder with task files, got none");
});
