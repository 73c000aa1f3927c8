import type { EventOf } from "../../src/contracts/events.ts";
import { addPoint, emptySeries, type Series } from "../plot/series.ts";
import { addSample, emptyMeter, type Meter } from "./meter.ts";

type StepEvent = EventOf<"train.step">;
type ValidationEvent = EventOf<"train.validation">;

/** What is known about a training that is running or has ended. */
export interface Training {
  readonly last: StepEvent | null;
  readonly train: Series;
  readonly validation: Series;
  readonly firstValidation: ValidationEvent | null;
  readonly lastValidation: ValidationEvent | null;
  /** The step of the last checkpoint to resume from; null before the first. */
  readonly checkpointStep: number | null;
  readonly meter: Meter;
}

export const emptyTraining: Training = {
  last: null,
  train: emptySeries,
  validation: emptySeries,
  firstValidation: null,
  lastValidation: null,
  checkpointStep: null,
  meter: emptyMeter,
};

export function addStep(training: Training, event: StepEvent, nowMs: number): Training {
  return {
    ...training,
    last: event,
    train: addPoint(training.train, event.step, event.lossNatsPerToken),
    meter: addSample(training.meter, event.step, nowMs),
  };
}

export function addValidation(training: Training, event: ValidationEvent): Training {
  return {
    ...training,
    validation: addPoint(training.validation, event.step, event.lossNatsPerToken),
    firstValidation: training.firstValidation ?? event,
    lastValidation: event,
  };
}
