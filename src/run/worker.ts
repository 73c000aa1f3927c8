import { parentPort, workerData } from "node:worker_threads";
import type { RunEvent, StageName, Started } from "../contracts/events.ts";
import type { Recipe } from "../contracts/recipe.ts";
import { describeFailure } from "./failure.ts";
import { runPipeline } from "./pipeline.ts";
import type { LabelledModel } from "./state/models.ts";
import { openStopFlag } from "./stop.ts";

/** What `startRun` passes to this thread. */
export interface WorkerInput {
  recipe: Recipe;
  stopMemory: SharedArrayBuffer;
  stages?: StageName[];
  models?: LabelledModel[];
  resumeCommand?: string;
  started?: Started;
}

/** What this thread sends back. */
export type WorkerMessage = { kind: "event"; event: RunEvent } | { kind: "stack"; stack: string };

const port = parentPort;
if (port) {
  const { recipe, stopMemory, ...options } = workerData as WorkerInput;
  const post = (message: WorkerMessage) => port.postMessage(message);
  await runPipeline(recipe, {
    ...options,
    stop: openStopFlag(stopMemory),
    emit: (event) => post({ kind: "event", event }),
    onError: (error) => post({ kind: "stack", stack: describeFailure(error).stack }),
  });
}
