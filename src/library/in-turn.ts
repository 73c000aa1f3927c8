import { ZebraError } from "../errors.ts";

/** Work that takes turns, and ends once. */
export interface Turns {
  /** Does the work when all before it is done. Rejects with E_CLOSED after `close`. */
  take<Value>(work: () => Promise<Value>): Promise<Value>;
  /** Waits for what was asked for, then frees; once, however often it is called. */
  close(): Promise<void>;
}

/** `what`: named in the error. `free`: called once, when everything before it is done. */
export function inTurn(what: string, free: () => PromiseLike<void>): Turns {
  let last: Promise<unknown> = Promise.resolve();
  let closed: Promise<void> | undefined;
  const next = <Value>(work: () => PromiseLike<Value>): Promise<Value> => {
    const made = last.then(work);
    last = made.catch(() => {});
    return made;
  };
  return {
    take(work) {
      if (!closed) return next(work);
      return Promise.reject(
        new ZebraError("E_CLOSED", `${what}: expected an open model, got a closed one. Load it again.`),
      );
    },
    close() {
      closed ??= next(free);
      return closed;
    },
  };
}
