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

/**
 * The first SIGINT, SIGTERM or SIGHUP asks for a clean stop, the second ends the process at once. `nowMs` is
 * a clock in milliseconds.
 */
export function listenForStop(
  onFirst: () => void,
  onSecond: () => void,
  nowMs: () => number = () => performance.now(),
): StopRequests {
  let firstMs: number | undefined;
  const request = () => {
    if (firstMs === undefined) {
      firstMs = nowMs();
      onFirst();
    } else if (nowMs() - firstMs > samePressMs) onSecond();
  };
  for (const signal of stopSignals) process.on(signal, request);
  return {
    request,
    get requested() {
      return firstMs !== undefined;
    },
    dispose() {
      for (const signal of stopSignals) process.off(signal, request);
    },
  };
}
