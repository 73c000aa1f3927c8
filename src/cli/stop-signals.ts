/** Signals that ask the command to stop. */
export const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
