import { join, resolve } from "node:path";
import { Stopped, type StopSignal } from "../../contracts/events.ts";
import type { EndpointOptions } from "../../contracts/recipe/endpoint.ts";
import type { DeviceSpec } from "../../contracts/recipe.ts";
import type { TaskSample } from "../../eval/tasks/results/task-results.ts";
import { writeFileAtomic } from "../../files.ts";
import { formatValue } from "../../format.ts";
import { parseGenKwargs } from "../../harness/requests/gen-kwargs.ts";
import type { Respondent } from "../../harness/respondent.ts";
import type { LabelledModel } from "../../run/state/models.ts";
import { exitCode } from "../exit.ts";
import { writeNote } from "../output/note.ts";
import { stopSignals } from "../stop-signals.ts";
import { taskLines } from "./task-lines.ts";
import type { TaskFlags } from "./task-options.ts";

export interface EvalTasks extends TaskFlags {
  tasks: string[];
  models: readonly LabelledModel[];
  device: DeviceSpec;
  isJson: boolean;
}

const defaultOutput = "runs/tasks";

/**
 * `zebra eval --tasks`: asks checkpoints what task files ask, and writes `<output>/<label>/results.json` and
 * its samples. Gives the exit code. Throws ConfigError and DataError for what is wrong with the files, before
 * a model is loaded.
 */
export async function evalTasks(given: EvalTasks): Promise<number> {
  const { loadTasks } = await import("../../harness/files/load-tasks.ts");
  const { evaluateTasks } = await import("../../eval/tasks/evaluate-tasks.ts");
  const { compareTasks } = await import("../../eval/tasks/results/compare-tasks.ts");
  const { endpointOptions } = await import("./endpoint-options.ts");
  const output = resolve(given.output ?? defaultOutput);
  const options = { includePaths: given.includePath ?? [], cwd: process.cwd(), data: given.data ?? [] };
  const { members, warnings } = await loadTasks(given.tasks, options);
  const stop = { stopped: false };
  for (const signal of stopSignals) {
    process.on(signal, () => {
      if (stop.stopped) process.exit(exitCode.stopped);
      stop.stopped = true;
      writeNote("stops after the request in hand; once more leaves at once");
    });
  }
  const endpoint = given.endpoint && endpointOptions(given.endpoint);
  const asked: { label: string; open(): Promise<Respondent> }[] = given.models.map((model) => ({
    label: model.label,
    open: () => openModel(model, given),
  }));
  if (endpoint) {
    const label = endpoint.model.replaceAll(/[^\w.-]/g, "-");
    asked.push({ label, open: () => openServer(endpoint, stop) });
  }
  const all = [];
  try {
    for (const { label, open } of asked) {
      await using respondent = await open();
      const folder = join(output, label);
      const samples = new Map<string, TaskSample[]>();
      const results = await evaluateTasks(respondent, members, {
        settings: settingsOf(given),
        warnings,
        cacheDir: resolve(given.cache ?? join(output, "answers")),
        stop,
        progress: progressNotes(label),
        onTask: async ({ task }, lines) => {
          samples.set(task, lines);
          const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
          await writeFileAtomic(join(folder, "samples", `${fileName(task)}.jsonl`), text);
        },
      });
      await writeFileAtomic(join(folder, "results.json"), `${JSON.stringify(results, null, 2)}\n`);
      all.push({ label, results, samples });
    }
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    writeNote("stopped; the same command goes on");
    return exitCode.stopped;
  }
  const unanswered = all.filter(({ samples }) => isUnanswered([...samples.values()].flat()));
  const comparisons = compareTasks(all);
  if (comparisons.length > 0)
    await writeFileAtomic(join(output, "comparisons.json"), `${JSON.stringify(comparisons, null, 2)}\n`);
  if (given.isJson) {
    const models = Object.fromEntries(all.map(({ label, results }) => [label, results]));
    process.stdout.write(`${JSON.stringify({ models, comparisons }, null, 2)}\n`);
  } else {
    for (const line of taskLines(all, comparisons)) process.stdout.write(`${line}\n`);
    process.stdout.write(`\nresults  ${output}\n`);
  }
  for (const { label } of unanswered) writeNote(`${label}: expected answers, got an error for every request`);
  return unanswered.length > 0 ? exitCode.failed : exitCode.ok;
}

/** Whether nobody answered at all: rows whose answers cannot be scored have been answered. */
function isUnanswered(samples: readonly TaskSample[]): boolean {
  return samples.length > 0 && samples.every(({ tokens }) => tokens.every((draws) => draws.length === 0));
}

async function openModel({ dir, base }: LabelledModel, given: EvalTasks): Promise<Respondent> {
  const { openCheckpoint } = await import("../../eval/respondents/open-checkpoint.ts");
  const { maxLength, batchSize, device } = given;
  const settings = { maxLength, batchSize, device, note: writeNote };
  return openCheckpoint({ dir, ...(base !== undefined && { base }), ...settings });
}

/** Tells at the end what was spent. */
async function openServer(options: EndpointOptions, stop: StopSignal): Promise<Respondent> {
  const { openEndpoint } = await import("../../eval/respondents/endpoint/open-endpoint.ts");
  const server = await openEndpoint({
    options,
    env: process.env,
    stop,
    note: writeNote,
    where: "--endpoint",
  });
  return {
    ...server,
    async [Symbol.asyncDispose]() {
      const spent = Object.entries(server.spending()).map(
        ([what, count]) => `${what.replaceAll("_", " ")} ${formatValue(count as number)}`,
      );
      writeNote(`${options.model}: ${spent.join(", ")}`);
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

/** Every so often, so that a log of a long evaluation stays short. */
const noteEveryMs = 10_000;

function progressNotes(label: string): (task: string, done: number, total: number) => void {
  let last = performance.now();
  return (task, done, total) => {
    if (performance.now() - last < noteEveryMs) return;
    last = performance.now();
    writeNote(`${label}: ${task}: ${done} of ${total} requests`);
  };
}
