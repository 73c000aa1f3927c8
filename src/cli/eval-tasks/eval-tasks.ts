import { resolve } from "node:path";
import { Worker } from "node:worker_threads";
import type { Emit, RunEnd } from "../../contracts/events.ts";
import { describeFailure } from "../../run/failure.ts";
import { createStopFlag } from "../../run/stop.ts";
import { exitCode, exitCodeOf, isDebug } from "../exit.ts";
import { invocation } from "../invocation.ts";
import { writeNote } from "../output/note.ts";
import { type Output, type OutputMode, openOutput, writeJsonEvent } from "../output/output.ts";
import { watchWork } from "../recipe/in-hand.ts";
import { listenForStop } from "../recipe/stop-request.ts";
import type { AskedTasks, EvalTasks } from "./ask-tasks.ts";
import { taskLines } from "./task-lines.ts";
import type { WorkerInput, WorkerMessage } from "./tasks-worker.ts";

const defaultOutput = "runs/tasks";

/**
 * `zebra eval --tasks`: asks checkpoints what task files ask, in a thread of its own, so that the screen
 * answers meanwhile. Gives the exit code. Throws ConfigError and DataError for what is wrong with the files,
 * before anything is shown.
 */
export async function evalTasks(
  given: Omit<EvalTasks, "output"> & { output?: string },
  mode: OutputMode,
): Promise<number> {
  const { loadTasks } = await import("../../harness/files/load-tasks.ts");
  const { endpointOptions } = await import("./endpoint-options.ts");
  try {
    await loadTasks(given.tasks, {
      includePaths: given.includePath ?? [],
      cwd: process.cwd(),
      data: given.data ?? [],
    });
    if (given.endpoint) endpointOptions(given.endpoint);
  } catch (error) {
    const { code, message } = describeFailure(error);
    if (mode === "json") writeJsonEvent({ type: "run.end", status: "failed", code, message });
    throw error;
  }
  const output = resolve(given.output ?? defaultOutput);
  const flag = createStopFlag();
  const inHand = watchWork();
  let shown: Output | undefined;
  const stops = listenForStop({
    onFirst() {
      if (!shown) process.exit(exitCode.stopped);
      shown.note("stops after the request in hand; what is done is kept");
      flag.stop();
    },
    onSecond() {
      shown?.urge("eval", `still stopping: waiting for ${inHand.text()}. Ctrl-C once more leaves at once`);
    },
    onThird() {
      writeNote(`left at once; go on with: ${invocation()}`);
      process.exit(exitCode.stopped);
    },
  });
  const handlers = { onStop: stops.request, onClosed: () => flag.stop() };
  shown = await openOutput(mode, { name: "tasks" }, handlers, { lingerMs: 0 });
  const emit: Emit = (event) => {
    inHand.see(event);
    shown?.emit(event);
  };
  const startMs = performance.now();
  emit({ type: "run.start", name: "tasks", runDir: output, stages: ["eval"] });
  emit({ type: "stage.start", stage: "eval" });
  const ended = await work({ given: { ...given, output }, stopMemory: flag.memory }, emit, (message) =>
    mode === "screen" ? emit({ type: "warning", stage: "eval", message }) : writeNote(message),
  );
  const durationMs = performance.now() - startMs;
  const asked = ended.kind === "done" ? ended.asked : null;
  if (asked) {
    const tasks = asked.all.flatMap(({ results }) => Object.values(results.tasks));
    const items = tasks.reduce((sum, { n_samples }) => sum + n_samples.effective, 0);
    const failed = tasks.reduce((sum, { n_samples }) => sum + n_samples.failed, 0);
    const shortened = tasks.reduce((sum, { tokens }) => sum + tokens.cutRows, 0);
    emit({ type: "stage.end", stage: "eval", durationMs, summary: { items, shortened, failed } });
    if (mode === "json") writeResults(asked);
  }
  const end = endOf(ended, output, durationMs);
  emit(end);
  await shown.finished(end);
  stops.dispose();
  if (ended.kind === "failed" && isDebug()) process.stderr.write(`${ended.failure.stack}\n`);
  if (!asked) return end.status === "failed" ? exitCodeOf(end.code) : exitCode.stopped;
  if (mode !== "json") {
    process.stdout.write("\n");
    for (const line of taskLines(asked.all, asked.comparisons)) process.stdout.write(`${line}\n`);
    process.stdout.write(`\nresults  ${output}\n`);
  }
  for (const label of asked.unanswered)
    writeNote(`${label}: expected answers, got an error for every request`);
  return asked.unanswered.length > 0 ? exitCode.failed : exitCode.ok;
}

type Ended = Exclude<WorkerMessage, { kind: "event" | "note" }>;

/** Resolves when the thread has ended; never rejects. */
function work(input: WorkerInput, emit: Emit, note: (message: string) => void): Promise<Ended> {
  // The compiler does not rewrite URLs: the file is a .ts in src and a .js in dist.
  const file = import.meta.url.endsWith(".ts") ? "./tasks-worker.ts" : "./tasks-worker.js";
  const worker = new Worker(new URL(file, import.meta.url), { workerData: input });
  return new Promise((resolve) => {
    let ended: Ended | undefined;
    let crash = "";
    worker.on("message", (message: WorkerMessage) => {
      if (message.kind === "event") emit(message.event);
      else if (message.kind === "note") note(message.message);
      else ended = message;
    });
    worker.on("error", (error: Error) => {
      crash = error.message;
    });
    worker.on("exit", (code) => {
      const how = crash === "" ? `ended with exit code ${code} before its work was done` : `died: ${crash}`;
      const failure = { code: "E_WORKER", message: `the worker thread ${how}`, stack: "" };
      resolve(ended ?? { kind: "failed", failure });
    });
  });
}

function endOf(ended: Ended, runDir: string, durationMs: number): RunEnd {
  if (ended.kind === "done") return { type: "run.end", status: "done", runDir, durationMs };
  if (ended.kind === "stopped")
    return { type: "run.end", status: "stopped", runDir, resumeCommand: invocation() };
  const { code, message } = ended.failure;
  return { type: "run.end", status: "failed", code, message };
}

/** The results as one line among the events, before the end. */
function writeResults({ all, comparisons }: AskedTasks): void {
  const models = Object.fromEntries(all.map(({ label, results }) => [label, results]));
  process.stdout.write(`${JSON.stringify({ type: "eval.tasks", models, comparisons })}\n`);
}
