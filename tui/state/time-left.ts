import type { StageName } from "../../src/contracts/events.ts";
import { validationsAfter } from "../../src/contracts/validation-steps.ts";
import { type Board, type BoardRow, isOver, type Part, partsOf } from "./board.ts";
import type { RunState } from "./state.ts";
import { usualItems } from "./work.ts";

/**
 * The time until the whole run is done, from speeds measured in this run and the work that is left. Null
 * until there are any: data and mix say nothing about how fast a model trains.
 */
export function timeLeft(state: RunState): number | null {
  const left = (["finetune", "eval"] as const).map((name) => stageLeft(state, name));
  const ms = left.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);
  const isLate = state.stage === "finetune" || state.stage === "eval";
  return isLate && ms !== null && ms > 0 ? ms : null;
}

function stageLeft(state: RunState, name: StageName): number | null {
  const stage = state.stages.find((one) => one.name === name);
  if (!stage || (stage.status !== "waiting" && stage.status !== "running")) return 0;
  return name === "finetune" ? trainingLeft(state) : evaluationLeft(state, stage.status === "running");
}

function trainingLeft({ training, work, nowMs }: RunState): number | null {
  const { last, stepMs, validationMs, validationStartMs, lastMs } = training;
  if (!last || stepMs === null) return null;
  const { step, totalSteps } = last;
  // The step that is running has used some of its time; a validation has its own.
  const used = validationStartMs === null ? Math.min(nowMs - lastMs, stepMs) : 0;
  const steps = Math.max(0, (totalSteps - step) * stepMs - used);
  if (validationMs === null) return steps;
  const ahead = validationsAfter(step, totalSteps, work?.validateEvery ?? 0);
  const running = validationStartMs === null ? 0 : Math.max(0, validationMs - (nowMs - validationStartMs));
  return steps + ahead * validationMs + running;
}

/**
 * An evaluation that has not begun is taken to ask an item in the time that validation takes for a pack,
 * which is of the same order; from then on what was measured counts, and a later model takes as long as the
 * first.
 */
function evaluationLeft({ board, work, training, nowMs }: RunState, isRunning: boolean): number | null {
  const perPack = training.validationMs === null ? null : training.validationMs / training.validationPacks;
  const parts = partsOf(board);
  if (parts.length === 0) {
    if (!work || work.items.length === 0) return isRunning ? null : 0;
    const items = work.items.reduce((sum, one) => sum + one, 0) * work.models;
    return perPack === null ? null : perPack * items;
  }
  const perItem = usualPerItem(board) ?? perPack;
  let left = 0;
  for (const { row, part } of parts) {
    const expected = expectedMs(row, perItem);
    const one = part ? partLeft(part, expected, nowMs) : expected;
    if (one === null) return null;
    left += one;
  }
  return left;
}

/** Of all parts together, from what was asked now: answers that were known took no time. */
function usualPerItem(board: Board): number | null {
  let [items, ms] = [0, 0];
  for (const { part } of partsOf(board)) {
    if (!part) continue;
    items += part.done - part.known;
    ms += part.lastMs - part.startMs;
  }
  return items > 0 && ms > 0 ? ms / items : null;
}

/** A whole part of a benchmark: as long as with a model before, else by the items of it. */
function expectedMs({ byModel, planned }: BoardRow, perItem: number | null): number | null {
  const earlier = [...byModel.values()].find((part) => isOver(part) && part.known === 0 && part.total > 0);
  if (earlier) return earlier.lastMs - earlier.startMs;
  const total = [...byModel.values()][0]?.total ?? (planned > 0 ? planned : usualItems);
  return perItem === null ? null : perItem * total;
}

/** What is left of a part that has begun. */
function partLeft(part: Part, expected: number | null, nowMs: number): number | null {
  const { startMs, lastMs, done, known, total } = part;
  if (done >= total) return 0;
  const asked = done - known;
  const measured = asked > 0 && lastMs > startMs ? ((lastMs - startMs) * (total - known)) / asked : null;
  const whole = measured ?? (expected === null ? null : (expected * (total - known)) / total);
  return whole === null ? null : Math.max(0, whole - (nowMs - startMs));
}
