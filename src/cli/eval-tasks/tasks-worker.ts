import { parentPort, workerData } from "node:worker_threads";
import { type RunEvent, Stopped } from "../../contracts/events.ts";
import { describeFailure, type Failure } from "../../run/failure.ts";
import { openStopFlag } from "../../run/stop.ts";
import { type AskedTasks, askTasks, type EvalTasks } from "./ask-tasks.ts";

/** What `evalTasks` passes to this thread. */
export interface WorkerInput {
  given: EvalTasks;
  stopMemory: SharedArrayBuffer;
}

/** What this thread sends back; the last message says how it ended. */
export type WorkerMessage =
  | { kind: "event"; event: RunEvent }
  | { kind: "note"; message: string }
  | { kind: "done"; asked: AskedTasks }
  | { kind: "stopped" }
  | { kind: "failed"; failure: Failure };

const port = parentPort;
if (port) {
  const { given, stopMemory } = workerData as WorkerInput;
  const post = (message: WorkerMessage) => port.postMessage(message);
  try {
    const asked = await askTasks(given, {
      stop: openStopFlag(stopMemory),
      emit: (event) => post({ kind: "event", event }),
      note: (message) => post({ kind: "note", message }),
    });
    post({ kind: "done", asked });
  } catch (error) {
    if (error instanceof Stopped) post({ kind: "stopped" });
    else post({ kind: "failed", failure: describeFailure(error, given.output) });
  }
}
