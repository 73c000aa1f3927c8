import { appendFile, mkdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Emit, StopSignal } from "../../contracts/events.ts";
import type { EndpointOptions } from "../../contracts/recipe/endpoint.ts";
import type { DeviceSpec } from "../../contracts/recipe.ts";
import { evalPaths, taskPaths } from "../../contracts/run-folder.ts";
import { addToPlan } from "../../eval/results/plan-file.ts";
import { evaluateTasks } from "../../eval/tasks/evaluate-tasks.ts";
import { compareTasks, type TaskComparison } from "../../eval/tasks/results/compare-tasks.ts";
import type { TaskResults, TaskSample } from "../../eval/tasks/results/task-results.ts";
import { watchRows } from "../../eval/tasks/watch-rows.ts";
import { writeFileAtomic } from "../../files.ts";
import { formatValue } from "../../format.ts";
import { loadTasks, tasksOf } from "../../harness/files/load-tasks.ts";
import { parseGenKwargs } from "../../harness/requests/gen-kwargs.ts";
import type { Respondent } from "../../harness/respondent.ts";
import type { LabelledModel } from "../../run/state/models.ts";
import { endpointOptions } from "./endpoint-options.ts";
import type { TaskFlags } from "./task-options.ts";

/** What is asked of whom: plain data, so that another thread can be given it. */
export interface EvalTasks extends TaskFlags {
  tasks: string[];
  models: readonly LabelledModel[];
  device: DeviceSpec;
  output: string;
}

/** What it comes to. */
export interface AskedTasks {
  all: { label: string; results: TaskResults }[];
  comparisons: TaskComparison[];
  /** Labels of those that answered nothing. */
  unanswered: string[];
}

export interface AskIo {
  emit: Emit;
  /** Told of what is no result. */
  note: (message: string) => void;
  stop: StopSignal;
}

/**
 * Asks checkpoints and a server what task files ask, and writes `<output>/<label>/results.json` and its
 * samples. Throws ConfigError and DataError for what is wrong with the files, and Stopped.
 */
export async function askTasks(given: EvalTasks, io: AskIo): Promise<AskedTasks> {
  const { emit, stop } = io;
  const { output } = given;
  const options = { includePaths: given.includePath ?? [], cwd: process.cwd(), data: given.data ?? [] };
  const { members, warnings } = await loadTasks(given.tasks, options);
  const asked = respondentsOf(given, io);
  const labels = asked.map(({ label }) => label);
  const rows = given.limit !== undefined && given.limit >= 1 ? given.limit : (given.sample ?? 0);
  const names = [...new Set(members.flatMap(tasksOf).map(({ task }) => task))];
  const plan = (benchmarks: { name: string; items: number }[]) =>
    emit({ type: "eval.plan", models: labels, benchmarks });
  plan(names.map((name) => ({ name, items: rows })));
  const all = [];
  for (const { label, open } of asked) {
    emit({ type: "stage.progress", stage: "eval", label: `loading ${label}`, done: 0, total: 0, unit: "" });
    await using respondent = await open();
    const { samples: samplesOf, running, results: resultsPath } = taskPaths(join(output, label));
    await rm(dirname(running("")), { recursive: true, force: true });
    const samples = new Map<string, TaskSample[]>();
    const log = openLog();
    const watched = watchRows({
      ...{ emit, label },
      onLine: (task, line) => log.add(running(fileName(task.name)), `${JSON.stringify(line)}\n`),
    });
    const results = await evaluateTasks(respondent, members, {
      settings: settingsOf(given),
      warnings,
      cacheDir: resolve(given.cache ?? join(output, "answers")),
      stop,
      progress: (task, done, total) => {
        const counts = total === 0 ? { done: 0, total: 0, unit: "" } : { done, total, unit: "requests" };
        emit({ type: "stage.progress", stage: "eval", label: `${task} ${label}`, ...counts });
      },
      async onPrepared(tasks) {
        plan(tasks.map(({ name, rows: items }) => ({ name, items })));
        await addToPlan(
          evalPaths(output).plan,
          Object.fromEntries(tasks.map((task) => [task.name, task.rows])),
        );
      },
      onRow: watched.onRow,
      onTask: async ({ task, figures, n_samples }, lines) => {
        watched.tellTask(task);
        for (const { metric, filter, value, higher_is_better } of Object.values(figures)) {
          const name = filter === "none" ? metric : `${metric},${filter}`;
          const better = higher_is_better ? "higher" : "lower";
          const n = n_samples.effective - n_samples.failed;
          const about = { model: label, benchmark: task, slice: "", metric: name } as const;
          emit({ type: "eval.result", ...about, better, value, n });
        }
        samples.set(task, lines);
        const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
        await writeFileAtomic(samplesOf(fileName(task)), text);
        await log.end();
        await rm(running(fileName(task)), { force: true });
      },
    });
    for (const warning of results.warnings) {
      const message = asked.length > 1 ? `${label}: ${warning}` : warning;
      emit({ type: "warning", stage: "eval", message });
    }
    await rm(dirname(running("")), { recursive: true, force: true });
    await writeFileAtomic(resultsPath, `${JSON.stringify(results, null, 2)}\n`);
    all.push({ label, results, samples });
  }
  const comparisons = compareTasks(all);
  if (comparisons.length > 0)
    await writeFileAtomic(join(output, "comparisons.json"), `${JSON.stringify(comparisons, null, 2)}\n`);
  const unanswered = all.filter(({ samples }) => isUnanswered([...samples.values()].flat()));
  return {
    all: all.map(({ label, results }) => ({ label, results })),
    comparisons,
    unanswered: unanswered.map(({ label }) => label),
  };
}

/** Those who are asked, in order. A server's key is looked for when it is its turn. */
function respondentsOf(given: EvalTasks, io: AskIo): { label: string; open(): Promise<Respondent> }[] {
  const endpoint = given.endpoint && endpointOptions(given.endpoint);
  const models = given.models.map((model) => ({
    label: model.label,
    open: () => openModel(model, given, io),
  }));
  if (!endpoint) return models;
  const label = endpoint.model.replaceAll(/[^\w.-]/g, "-");
  return [...models, { label, open: () => openServer(endpoint, io) }];
}

/** Lines that are appended one after the other while the work goes on. */
function openLog(): { add(path: string, text: string): void; end(): Promise<void> } {
  let last: Promise<unknown> = Promise.resolve();
  return {
    add(path, text) {
      last = last.then(async () => {
        await mkdir(dirname(path), { recursive: true });
        await appendFile(path, text);
      });
      // A full disk is told where it is waited for.
      last.catch(() => {});
    },
    end: async () => void (await last),
  };
}

/** Whether nobody answered at all: rows whose answers cannot be scored have been answered. */
function isUnanswered(samples: readonly TaskSample[]): boolean {
  return samples.length > 0 && samples.every(({ tokens }) => tokens.every((draws) => draws.length === 0));
}

async function openModel(
  { dir, base }: LabelledModel,
  given: EvalTasks,
  { note }: AskIo,
): Promise<Respondent> {
  const { openCheckpoint } = await import("../../eval/respondents/open-checkpoint.ts");
  const { maxLength, batchSize, device } = given;
  const settings = { maxLength, batchSize, device, note };
  return openCheckpoint({ dir, ...(base !== undefined && { base }), ...settings });
}

/** Tells at the end what was spent. */
async function openServer(options: EndpointOptions, { stop, note }: AskIo): Promise<Respondent> {
  const { openEndpoint } = await import("../../eval/respondents/endpoint/open-endpoint.ts");
  const server = await openEndpoint({
    options,
    env: process.env,
    stop,
    note,
    where: "--endpoint",
  });
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      const spent = Object.entries(server.spending()).map(
        ([what, count]) => `${what.replaceAll("_", " ")} ${formatValue(count as number)}`,
      );
      note(`${options.model}: ${spent.join(", ")}`);
      await server[Symbol.asyncDispose]();
    },
  };
}

function settingsOf(given: EvalTasks) {
  const { numFewshot, fewshotSeed, limit, sample, samples, systemInstruction } = given;
  return {
    fewshotSeed,
    ...(numFewshot !== undefined && { numFewshot }),
    ...(limit !== undefined && { limit }),
    ...(sample !== undefined && { sample }),
    ...(samples !== undefined && { docIds: samples }),
    ...(systemInstruction !== undefined && { systemInstruction }),
    ...(given.applyChatTemplate && { chat: { asMultiturn: given.fewshotAsMultiturn ?? false } }),
    ...(given.genKwargs !== undefined && { genKwargs: parseGenKwargs(given.genKwargs) }),
  };
}

/** A file's name cannot hold what a task's may. */
function fileName(task: string): string {
  return encodeURIComponent(task).replaceAll("*", "%2A");
}
