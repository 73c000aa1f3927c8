import type { EventOf } from "../../src/contracts/events.ts";
import { addPoint, emptySeries, type Series } from "../plot/series.ts";
import { meanOf, noLoss, type Smooth, smooth, spanOf } from "./smooth.ts";

type StepEvent = EventOf<"train.step">;
type ValidationEvent = EventOf<"train.validation">;

/** What is known about a training that is running or has ended. */
export interface Training {
  readonly last: StepEvent | null;
  /** When the last step ended. */
  readonly lastMs: number;
  /** What steps take lately, without validations and checkpoints between them; null before the first. */
  readonly stepMs: number | null;
  readonly train: Series;
  readonly smoothed: Series;
  readonly validation: Series;
  readonly smooth: Smooth;
  readonly bySource: ReadonlyMap<string, Smooth>;
  readonly firstValidation: ValidationEvent | null;
  readonly lastValidation: ValidationEvent | null;
  /** When the validation that is running began. */
  readonly validationStartMs: number | null;
  /** What the last whole validation took, and of how many packs; null before the first. */
  readonly validationMs: number | null;
  readonly validationPacks: number;
  /** The step of the last checkpoint to resume from; null before the first. */
  readonly checkpointStep: number | null;
}

export const emptyTraining: Training = {
  last: null,
  lastMs: 0,
  stepMs: null,
  train: emptySeries,
  smoothed: emptySeries,
  validation: emptySeries,
  smooth: noLoss,
  bySource: new Map(),
  firstValidation: null,
  lastValidation: null,
  validationStartMs: null,
  validationMs: null,
  validationPacks: 0,
  checkpointStep: null,
};

export function addStep(training: Training, event: StepEvent, nowMs: number): Training {
  const { step, totalSteps, lossNatsPerToken, supervisedTokens, lossBySource = {} } = event;
  const span = spanOf(totalSteps);
  const mean = smooth(training.smooth, lossNatsPerToken, supervisedTokens, span);
  const bySource = new Map(training.bySource);
  for (const [name, one] of Object.entries(lossBySource)) {
    const before = bySource.get(name) ?? noLoss;
    bySource.set(name, smooth(before, one.lossNatsPerToken, one.supervisedTokens, span));
  }
  const value = meanOf(mean);
  return {
    ...training,
    last: event,
    lastMs: nowMs,
    stepMs: nextStepMs(training.stepMs, event),
    train: addPoint(training.train, step, lossNatsPerToken),
    smoothed: value === null ? training.smoothed : addPoint(training.smoothed, step, value),
    smooth: mean,
    bySource,
  };
}

/** Steps differ in length; one that is far slower than the others soon has no say. */
function nextStepMs(before: number | null, { tokens, tokensPerSecond }: StepEvent): number | null {
  const ms = (1000 * tokens) / tokensPerSecond;
  if (!Number.isFinite(ms) || ms <= 0) return before;
  return before === null ? ms : before * 0.9 + ms * 0.1;
}

/** A validation has come to a pack. */
export function addValidationPack(training: Training, done: number, total: number, nowMs: number): Training {
  const isNew = done === 0 || training.validationStartMs === null;
  return {
    ...training,
    validationStartMs: isNew ? nowMs : training.validationStartMs,
    validationPacks: total,
  };
}

export function addValidation(training: Training, event: ValidationEvent, nowMs: number): Training {
  const { validationStartMs } = training;
  return {
    ...training,
    validation: addPoint(training.validation, event.step, event.lossNatsPerToken),
    firstValidation: training.firstValidation ?? event,
    lastValidation: event,
    validationStartMs: null,
    validationMs: validationStartMs === null ? training.validationMs : nowMs - validationStartMs,
    // The time since then is the next step's.
    lastMs: nowMs,
  };
}
