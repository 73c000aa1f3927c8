import type { StageName } from "../../src/contracts/events.ts";
import { validationsAfter } from "../../src/contracts/validation-steps.ts";
import type { Part } from "./evaluation.ts";
import type { RunState } from "./state.ts";

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
 * An evaluation that has not begun is taken to ask an item in the time that validation takes for a pack, which
 * is of the same order; from then on what was measured counts, and a later model takes as long as the first.
 */
function evaluationLeft({ evaluation, work, training, nowMs }: RunState, isRunning: boolean): number | null {
  if (!work || work.items.length === 0) return isRunning ? null : 0;
  const perPack = training.validationMs === null ? null : training.validationMs / training.validationPacks;
  const done = evaluation.reduce((sum, part) => sum + part.done, 0);
  const spent = evaluation.reduce((sum, part) => sum + part.lastMs - part.startMs, 0);
  const perItem = done > 0 && spent > 0 ? spent / done : perPack;
  const count = work.items.length;
  let left = 0;
  for (let at = Math.max(0, evaluation.length - 1); at < count * work.models; at++) {
    const part = evaluation[at];
    const earlier = evaluation[at % count];
    const usual = at >= count && earlier ? earlier.lastMs - earlier.startMs : null;
    const items = part?.total ?? earlier?.total ?? work.items[at % count]!;
    const expected = usual ?? (perItem === null ? null : perItem * items);
    const one = part ? partLeft(part, expected, nowMs) : expected;
    if (one === null) return null;
    left += one;
  }
  return left;
}

/** What is left of the part that is running. */
function partLeft(part: Part, expected: number | null, nowMs: number): number | null {
  const { startMs, lastMs, done, total } = part;
  if (done >= total) return 0;
  const measured = done > 0 && lastMs > startMs ? ((lastMs - startMs) * total) / done : null;
  const whole = measured ?? expected;
  return whole === null ? null : Math.max(0, whole - (nowMs - startMs));
}
