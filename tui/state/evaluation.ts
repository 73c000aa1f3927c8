import type { EventOf } from "../../src/contracts/events.ts";

/** A benchmark asked of one model, as far as it is. */
export interface Part {
  readonly label: string;
  readonly startMs: number;
  /** When its last item was counted. */
  readonly lastMs: number;
  readonly done: number;
  readonly total: number;
}

/** The parts so far, in the order of the recipe, model after model. */
export type Evaluation = readonly Part[];

/** A part begins with another label, or where the count starts again. */
export function addItems(parts: Evaluation, event: EventOf<"stage.progress">, nowMs: number): Evaluation {
  const { label, done, total } = event;
  const last = parts.at(-1);
  if (last && last.label === label && done >= last.done && last.done < last.total) {
    return [...parts.slice(0, -1), { ...last, lastMs: nowMs, done, total }];
  }
  return [...parts, { label, startMs: nowMs, lastMs: nowMs, done, total }];
}
