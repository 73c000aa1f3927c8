import { Stopped, type StopSignal } from "../contracts/events.ts";

/** A stop request shared by threads: one sets it, the other checks it. */
export interface StopFlag extends StopSignal {
  /** Pass this to another thread and open it there with `openStopFlag`. */
  readonly memory: SharedArrayBuffer;
  stop(): void;
}

/** A new flag, not set. */
export function createStopFlag(): StopFlag {
  return openStopFlag(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** The same flag in another thread. */
export function openStopFlag(memory: SharedArrayBuffer): StopFlag {
  const cell = new Int32Array(memory);
  return {
    memory,
    get stopped() {
      return Atomics.load(cell, 0) === 1;
    },
    stop() {
      Atomics.store(cell, 0, 1);
    },
  };
}

/** Throws Stopped once the signal is set. */
export function throwIfStopped(stop: StopSignal): void {
  if (stop.stopped) throw new Stopped();
}
