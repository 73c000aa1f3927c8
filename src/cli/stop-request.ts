/** Two signals of one key press (npm hands Ctrl-C on to its children, who got it from the terminal already). */
const samePressMs = 400;

export interface StopRequests {
  /** A wish to stop, from a signal or a key. */
  request(): void;
  readonly requested: boolean;
  dispose(): void;
}

/**
 * The first SIGINT, SIGTERM or SIGHUP asks for a clean stop, the next leaves at once.
 * `nowMs` is a clock in milliseconds.
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
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, request);
  return {
    request,
    get requested() {
      return firstMs !== undefined;
    },
    dispose() {
      for (const signal of signals) process.off(signal, request);
    },
  };
}
