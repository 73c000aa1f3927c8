import { Worker } from "node:worker_threads";
import type { Emit, RunEnd, StageName, Started } from "../contracts/events.ts";
import type { Recipe } from "../contracts/recipe.ts";
import type { LabelledModel } from "./state/models.ts";
import { createStopFlag } from "./stop.ts";
import type { WorkerInput, WorkerMessage } from "./worker.ts";

export interface StartOptions {
  emit: Emit;
  stages?: readonly StageName[];
  models?: readonly LabelledModel[];
  resumeCommand?: string;
  started?: Started;
  /** Called with the stacks of errors, for debugging. */
  onStack?: (stack: string) => void;
}

/** A run in its own thread. */
export interface StartedRun {
  /** Asks for a clean stop. `finished` resolves when the run has stopped. */
  stop(): void;
  /** The last event. Never rejects: when the thread dies, the run has failed. */
  finished: Promise<RunEnd>;
}

/**
 * Runs a recipe in a worker thread, because calls to the engine block their thread. Events arrive on this
 * thread; `run.end` is always the last and comes exactly once.
 */
export function startRun(recipe: Recipe, options: StartOptions): StartedRun {
  const flag = createStopFlag();
  const input: WorkerInput = {
    recipe,
    stopMemory: flag.memory,
    ...(options.stages && { stages: [...options.stages] }),
    ...(options.models && { models: [...options.models] }),
    ...(options.started && { started: options.started }),
    ...(options.resumeCommand !== undefined && { resumeCommand: options.resumeCommand }),
  };
  // The compiler does not rewrite URLs: the file is worker.ts in src and worker.js in dist.
  const file = import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js";
  const worker = new Worker(new URL(file, import.meta.url), { workerData: input });
  const finished = new Promise<RunEnd>((resolve) => {
    let end: RunEnd | undefined;
    let crash = "";
    worker.on("message", (message: WorkerMessage) => {
      if (message.kind === "stack") options.onStack?.(message.stack);
      else if (message.event.type === "run.end") end = message.event;
      else options.emit(message.event);
    });
    worker.on("error", (error: Error) => {
      crash = error.message;
      if (error.stack) options.onStack?.(error.stack);
    });
    // Reported when the thread has ended: its memory is free by then and nothing can follow.
    worker.on("exit", (exitCode) => {
      const how =
        crash === "" ? `ended with exit code ${exitCode} before its work was done` : `died: ${crash}`;
      end ??= { type: "run.end", status: "failed", code: "E_WORKER", message: `the worker thread ${how}` };
      options.emit(end);
      resolve(end);
    });
  });
  return { stop: () => flag.stop(), finished };
}
