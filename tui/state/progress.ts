import { formatCount } from "../../src/format.ts";
import { formatAbout, formatRate } from "../format.ts";
import { type Board, isNow, partsOf } from "./board.ts";
import { ratePerSecond, remainingMs } from "./meter.ts";
import type { Progress, RunState } from "./state.ts";

/**
 * Share and facts of the current work: the steps of a training, or what the stage counts. Null while nothing
 * is known.
 */
export function progressOf(state: RunState): { share: number | null; facts: string[] } | null {
  const { progress, training } = state;
  if (isTraining(state) && training.last) {
    const { step, totalSteps } = training.last;
    const rate = training.stepMs === null ? [] : [formatRate(1000 / training.stepMs, "steps")];
    const now = progress ? [doingText(progress)] : [];
    return {
      share: shareOf(step, totalSteps),
      facts: [`step ${formatCount(step)} of ${formatCount(totalSteps)}`, ...now, ...rate],
    };
  }
  if (!progress) {
    const running = state.stages.find(({ status }) => status === "running");
    return running ? { share: null, facts: [`starting ${running.name}`] } : null;
  }
  const { done, total, unit, meter } = progress;
  // What counts as done is what is finished: the last piece of work still takes its time.
  const left = done < total ? remainingMs(meter, total, state.nowMs) : null;
  const rate = unit === "" ? null : ratePerSecond(meter);
  return {
    share: shareOf(done, total),
    facts: [
      doingText(progress),
      ...partText(state),
      ...(state.stage === "eval" ? partFacts(state) : []),
      ...(left === null ? [] : [`${formatAbout(left)} left of this`]),
      ...(rate === null ? [] : [formatRate(rate, unit)]),
    ],
  };
}

/** Whether the running stage is a training that has made at least one step. */
export function isTraining(state: RunState): boolean {
  return state.stage === "finetune" && state.training.last !== null;
}

/** `validation: 31 of 33 packs`, or the label alone where nothing is counted. */
export function doingText({ label, done, total, unit }: Progress): string {
  if (unit === "") return label;
  return `${label}: ${formatCount(done)}${total > 0 ? ` of ${formatCount(total)}` : ""} ${unit}`;
}

/** Which part of an evaluation it is: benchmarks times models. */
function partText({ stage, board, progress }: RunState): string[] {
  const parts = partsOf(board);
  const at = parts.findIndex(({ row, model }) => isNow(board, row.benchmark, model));
  return stage === "eval" && at >= 0 && isAbout(progress, board.now)
    ? [`part ${at + 1} of ${parts.length}`]
    : [];
}

/** Whether the stage counts what the board has counted last, and does not load a model. */
function isAbout(progress: Progress | null, now: Board["now"]): boolean {
  return now !== null && progress?.label === `${now.benchmark} ${now.model}`;
}

/** Items and tokens in a second of the part that is running; what failed or was cut stands in the board. */
function partFacts({ board, progress }: RunState): string[] {
  const part = board.now && board.rows.get(board.now.benchmark)?.byModel.get(board.now.model);
  if (!part || !isAbout(progress, board.now)) return [];
  const { items, read, known } = part;
  const [perSecond, tokens] = [ratePerSecond(items), ratePerSecond(read)];
  return [
    ...(tokens === null ? [] : [formatRate(tokens, "tokens")]),
    ...(perSecond === null || progress?.unit === "items" ? [] : [formatRate(perSecond, "items")]),
    ...(known > 0 ? [`${formatCount(known)} known before`] : []),
  ];
}

function shareOf(done: number, total: number): number | null {
  return total > 0 ? Math.min(1, Math.max(0, done / total)) : null;
}
