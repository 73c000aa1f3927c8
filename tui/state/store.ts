import type { Emit } from "../../src/contracts/events.ts";
import { initialState, leaveAt, type RunState, reduce, requestStop, tick } from "./state.ts";

/** Holds the state. Listeners are called at most once per batch, and immediately at the end of the run. */
export interface Store {
  getState(): RunState;
  subscribe(listener: () => void): () => void;
  emit: Emit;
  /** Updates time and memory. */
  tick(): void;
  requestStop(): void;
  /** The screen of the ended run leaves after so long; null: not by itself. */
  leaveAfter(ms: number | null): void;
}

export interface StoreOptions {
  initial: Pick<RunState, "title" | "runDir" | "device" | "command" | "cwd" | "work">;
  /** A clock in milliseconds. */
  nowMs: () => number;
  memoryBytes: () => number;
  /** Calls the function once, one batch later. */
  schedule: (flush: () => void) => void;
}

export function createStore({ initial, nowMs, memoryBytes, schedule }: StoreOptions): Store {
  let state = initialState(initial, nowMs());
  let isScheduled = false;
  const listeners = new Set<() => void>();
  const notify = () => {
    isScheduled = false;
    for (const listener of listeners) listener();
  };
  const change = (next: RunState, isUrgent: boolean) => {
    state = next;
    if (isUrgent) notify();
    else if (!isScheduled) {
      isScheduled = true;
      schedule(() => isScheduled && notify());
    }
  };
  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit: (event) => change(reduce(state, event, nowMs()), event.type === "run.end"),
    tick: () => change(tick(state, nowMs(), memoryBytes()), false),
    leaveAfter: (ms) => change(leaveAt(state, ms === null ? null : nowMs() + ms), true),
    requestStop: () => change(requestStop(state), true),
  };
}
