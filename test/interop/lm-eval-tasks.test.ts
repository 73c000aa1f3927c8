import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { whyNoPeer } from "../../bench/peers/python.ts";
import { coverageOf } from "../../src/harness/files/coverage.ts";
import { loadTasks, tasksOf } from "../../src/harness/files/load-tasks.ts";
import { prepareMetrics } from "../../src/harness/metrics/prepare.ts";
import { plainOf } from "../../src/harness/requests/plain.ts";
import type { GroupConfig } from "../../src/harness/task-config.ts";
import { ask, askedOf, optionsOf } from "../harness/shipped/ask.ts";
import { type AskedRow, inFixture, type Prompts, someOf } from "../harness/shipped/fixture.ts";
import { rowsOf } from "../harness/shipped/rows.ts";
import { shippedGroups, shippedTasks } from "../harness/shipped/shipped.ts";
import { askPeer } from "./peers-python.ts";

/**
 * Every task that ships asks what the task of its name in lm-evaluation-harness 0.4.13 asks: the same
 * characters in every prompt, choice and target, the same settings of generation, filters and metrics.
 * (squadv2 is a Python class there, without settings that could be read.)
 */
const reason = whyNoPeer("lm_eval");

interface Theirs {
  tasks: Record<
    string,
    {
      asked: Record<string, AskedRow[]>;
      config: Record<string, unknown> & { metrics: Record<string, { options: object; higher: boolean }> };
    }
  >;
  groups: Record<string, Record<string, unknown>>;
  tags: Record<string, string[]>;
  /** The folder of its tasks. */
  root: string;
}

/** Folders of the harness with these tasks. */
const folders = [
  "arc",
  "hellaswag",
  "piqa",
  "siqa",
  "winogrande",
  "super_glue/boolq",
  "super_glue/copa",
  "openbookqa",
  "commonsense_qa",
  "sciq",
  "triviaqa",
  "nq_open",
  "gsm8k",
  "lambada",
  "truthfulqa",
  "drop",
  "wikitext",
  "squadv2",
  "mmlu/default",
  "mmlu_pro",
  "bbh",
];

const compared = shippedTasks();
/** Those with inline examples have three; two there take none. */
function shotsOf(name: string): number[] {
  if (name === "wikitext" || name === "squadv2") return [0];
  return /^bbh_(cot_)?fewshot_/.test(name) ? [0, 3] : [0, 4];
}

describe.skipIf(reason !== "")(`tasks that ship beside lm-evaluation-harness ${reason}`, () => {
  let theirs: Theirs;
  beforeAll(() => {
    const dir = mkdtempSync(join(tmpdir(), "lm-eval-"));
    const out = join(dir, "theirs.json");
    const tasks = compared.map((name) => ({ name, rows: rowsOf(name), shots: shotsOf(name) }));
    askPeer("lm_eval_tasks.py", dir, { folders, groups: shippedGroups(), tasks, out });
    theirs = JSON.parse(readFileSync(out, "utf8")) as Theirs;
  }, 600_000);

  it.each(folders.filter((folder) => folder !== "squadv2"))("its own files in %s run here", (folder) => {
    const { files } = coverageOf(join(theirs.root, folder));
    const own = files.filter(
      ({ name }) => name !== undefined && [...compared, ...shippedGroups()].includes(name),
    );
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter(({ reasons }) => reasons.length > 0)).toEqual([]);
  });

  it("the fixture of right prompts has what it asks (ZEBRATUNE_WRITE_FIXTURES=1 makes it anew)", () => {
    const path = new URL("../harness/fixtures/shipped-prompts.json", import.meta.url);
    const some = compared.filter(inFixture).map((name) => [name, someOf(theirs.tasks[name]!.asked)]);
    const right = Object.fromEntries(some) as Prompts;
    if (process.env.ZEBRATUNE_WRITE_FIXTURES) writeFileSync(path, JSON.stringify(right, null, 2));
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(right);
  });

  it.each(compared)("%s asks the same", async (name) => {
    const their = theirs.tasks[name]!;
    for (const shots of shotsOf(name)) {
      expect(askedOf(await ask(name, shots))).toEqual(their.asked[shots]);
    }
  });

  it.each(compared.filter((name) => name !== "squadv2"))("%s is set up the same", async (name) => {
    const { members } = await loadTasks([name], { includePaths: [], cwd: tmpdir() });
    const [config] = members.flatMap(tasksOf);
    const prepared = prepareMetrics(config!);
    expect(prepared.problems).toEqual([]);
    const metrics = prepared.metrics.map(({ name: metric, higherIsBetter: higher }) => {
      const own = config!.metric_list?.find((one) => one.metric === metric);
      // Upstream drops options where process_results gives the values.
      return [metric, { options: config!.process_results ? {} : optionsOf(own?.options ?? {}), higher }];
    });
    const filters = (config!.filter_list ?? []).map((pipeline) => ({
      name: pipeline.name,
      filter: pipeline.filter.map(({ function: step, options }) => ({
        function: step.startsWith("bbh_") ? "python" : step,
        ...optionsOf(options),
      })),
    }));
    expect({
      alias: config!.task_alias ?? null,
      dataset: [config!.dataset_path, config!.dataset_name ?? null],
      splits: [config!.test_split ?? null, config!.validation_split ?? null],
      output_type: config!.output_type,
      num_fewshot: config!.num_fewshot ?? null,
      repeats: config!.repeats,
      version: plainOf(config!.metadata.version ?? null),
      metrics: Object.fromEntries(metrics),
      filters,
    }).toEqual(theirs.tasks[name]!.config);
  });

  it.each(shippedGroups())("the group %s is put together the same", async (name) => {
    const { members } = await loadTasks([name], { includePaths: [], cwd: tmpdir() });
    const { group } = members[0] as { group: GroupConfig };
    const their = theirs.groups[name]!;
    expect(group.group_alias ?? null).toBe(their.group_alias);
    const names = group.members.map((member) => ("task" in member ? member.task.task : member.group.group));
    const theirNames = (their.task as string[]).flatMap((one) => theirs.tags[one] ?? [one]);
    expect(names.toSorted()).toEqual(theirNames.toSorted());
    const aggregated = their.aggregate_metric_list as {
      metric: string;
      weight_by_size: boolean;
      filter_list?: string;
    }[];
    expect(group.aggregate_metric_list).toEqual(
      aggregated.map(({ metric, weight_by_size, filter_list }) => ({
        metric,
        weight_by_size,
        ...(filter_list !== undefined && { filter_list: [filter_list] }),
      })),
    );
    expect(plainOf(group.metadata.version!)).toBe((their.metadata as { version: number }).version);
  });
});
