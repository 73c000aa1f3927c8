import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RunEvent } from "../../../src/contracts/events.ts";
import { evalPaths, runPaths } from "../../../src/contracts/run-folder.ts";
import type { Results } from "../../../src/eval/results/results.ts";
import { runEvalStage } from "../../../src/eval/stage.ts";
import { taskProblems } from "../../../src/eval/tasks/recipe-tasks.ts";
import { headlinesOf } from "../../../src/eval/verdict/headlines.ts";
import { packageRoot } from "../../../src/package-root.ts";
import { evalSpec } from "../eval-spec.ts";

const fixtures = join(packageRoot(), "test/eval/tasks/fixtures");
const checkpoint = (name: string) => join(packageRoot(), "checkpoints", name);

let runDir: string;
beforeAll(async () => {
  runDir = await mkdtemp(join(tmpdir(), "zebra-stage-tasks-"));
});
afterAll(() => rm(runDir, { recursive: true }));

it("tasks of a recipe are asked of every model, compared, and stand in results, verdict and report", async () => {
  const events: RunEvent[] = [];
  const spec = evalSpec({ tasks: [join(fixtures, "group.yaml")] });
  const models = [
    { label: "before", dir: checkpoint("zebra-nano-lcat") },
    { label: "after", dir: checkpoint("zebra-nano-4k") },
  ];
  const ctx = { runDir, emit: (event: RunEvent) => events.push(event), stop: { stopped: false } };
  const run = () => runEvalStage(ctx, { eval: spec, models, dataDir: join(runDir, "data") });
  await run();
  const read = async () =>
    JSON.parse(await readFile(evalPaths(runPaths(runDir).eval).results, "utf8")) as Results;
  const results = await read();
  expect(Object.keys(results.tasks!)).toEqual(["fixture_choice", "fixture_written"]);
  const figures = results.results.filter(({ model }) => model === "before");
  expect(figures.map(({ benchmark, metric }) => `${benchmark} ${metric}`)).toEqual([
    "fixture_choice acc",
    "fixture_choice acc_norm",
    "fixture_written exact_match",
  ]);
  // Without examples lm_eval 0.4.13 gives 3 of 12 right, as with one.
  expect(figures[0]).toMatchObject({ value: 0.25, n: 12, better: "higher" });
  expect(results.comparisons.map(({ benchmark, model }) => `${benchmark} ${model}`)).toContain(
    "fixture_choice after",
  );
  expect(results.groups!.before!.fixture_animals!.members).toEqual(["fixture_choice", "fixture_written"]);
  expect(headlinesOf(results).map(({ benchmark, metric }) => `${benchmark} ${metric}`)).toEqual([
    "fixture_choice acc",
    "fixture_written exact_match",
  ]);
  const told = events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
  expect(told).toContain(
    "group fixture_animals: 1 of 2 members have no acc,none and are left out of it: fixture_written",
  );
  const report = await readFile(runPaths(runDir).report, "utf8");
  expect(report).toContain("fixture_choice");
  expect(report).toContain("It breathes through a hole in its back");
  const last = (benchmark: string) =>
    events.findLast((event) => event.type === "eval.running" && event.benchmark === benchmark);
  expect(events.find(({ type }) => type === "eval.plan")).toMatchObject({
    models: ["before", "after"],
    benchmarks: [{ name: "fixture_choice" }, { name: "fixture_written" }],
  });
  expect(last("fixture_choice")).toMatchObject({ model: "after", done: 12, total: 12, known: 0 });
  // Asked again, everything is known: the same figures come, from the answers that are kept.
  await run();
  expect(last("fixture_choice")).toMatchObject({ done: 12, known: 12, tokens: 0, score: { metric: "acc" } });
  expect((await read()).results).toEqual(results.results);
});

it("a recipe's tasks are looked at before any stage", async () => {
  expect(await taskProblems(evalSpec())).toEqual([]);
  expect(await taskProblems(evalSpec({ tasks: [join(fixtures, "choice.yaml")] }))).toEqual([]);
  const [problem] = await taskProblems(evalSpec({ tasks: ["no_such_task"] }));
  expect(problem).toContain("no_such_task: expected a task, group, tag or file that there is, got none");
});
