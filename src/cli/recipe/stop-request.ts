import { stopSignals } from "../stop-signals.ts";

/**
 * Two signals within this time count as one key press: npm sends Ctrl-C to its children, which also get it
 * from the terminal.
 */
const samePressMs = 400;

export interface StopRequests {
  /** Asks to stop, by a signal or a key. */
  request(): void;
  readonly requested: boolean;
  dispose(): void;
}

export interface StopHandlers {
  /** Asks for a clean stop. */
  onFirst(): void;
  /** Says what the stop waits for. */
  onSecond(): void;
  /** Ends the process at once; called for each further one too. */
  onThird(): void;
}

/**
 * The first SIGINT, SIGTERM or SIGHUP asks for a clean stop; who asks again is told what it waits for before
 * a third ends the process. `nowMs` is a clock in milliseconds.
 */
export function listenForStop(
  handlers: StopHandlers,
  nowMs: () => number = () => performance.now(),
): StopRequests {
  let presses = 0;
  let lastMs = 0;
  const request = () => {
    if (presses > 0 && nowMs() - lastMs <= samePressMs) return;
    lastMs = nowMs();
    presses++;
    if (presses === 1) handlers.onFirst();
    else if (presses === 2) handlers.onSecond();
    else handlers.onThird();
  };
  for (const signal of stopSignals) process.on(signal, request);
  return {
    request,
    get requested() {
      return presses > 0;
    },
    dispose() {
      for (const signal of stopSignals) process.off(signal, request);
    },
  };
}
