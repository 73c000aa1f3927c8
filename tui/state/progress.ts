import { formatCount } from "../../src/format.ts";
import { formatClock, formatRate } from "../format.ts";
import { type Meter, ratePerSecond, remainingMs } from "./meter.ts";
import type { RunState } from "./state.ts";

/**
 * Share and facts of the current work: the steps of a training, or what the stage counts. Null while nothing
 * is known.
 */
export function progressOf(state: RunState): { share: number | null; facts: string[] } | null {
  const { last, meter } = state.training;
  if (last && isTraining(state)) {
    const { step, totalSteps } = last;
    const counts = `step ${formatCount(step)} of ${formatCount(totalSteps)}`;
    return measure([counts], { done: step, total: totalSteps, unit: "steps", meter }, state.nowMs);
  }
  const { progress } = state;
  if (!progress) return null;
  const { label, done, total, unit } = progress;
  const counts = `${formatCount(done)}${total > 0 ? ` of ${formatCount(total)}` : ""} ${unit}`;
  return measure([label, counts], progress, state.nowMs);
}

/** Whether the running stage is a training that has made at least one step. */
export function isTraining(state: RunState): boolean {
  return state.stage === "finetune" && state.training.last !== null;
}

function measure(
  facts: string[],
  work: { done: number; total: number; unit: string; meter: Meter },
  nowMs: number,
): { share: number | null; facts: string[] } {
  const { done, total, unit, meter } = work;
  const left = done < total ? remainingMs(meter, total, nowMs) : null;
  const rate = ratePerSecond(meter);
  return {
    share: total > 0 ? Math.min(1, Math.max(0, done / total)) : null,
    facts: [
      ...facts,
      ...(left === null ? [] : [`${formatClock(left)} left`]),
      ...(rate === null ? [] : [formatRate(rate, unit)]),
    ],
  };
}
