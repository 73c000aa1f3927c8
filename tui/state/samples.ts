import type { EventOf } from "../../src/contracts/events.ts";

type SampleEvent = EventOf<"eval.sample">;

/** A question with its right answer, and what each model has answered so far. */
export interface Sample {
  readonly benchmark: string;
  readonly question: string;
  readonly gold: string;
  readonly answers: ReadonlyMap<string, Pick<SampleEvent, "prediction" | "scores">>;
}

/** In the order of the last answer: the newest is the last. */
export type Samples = ReadonlyMap<string, Sample>;

/** Enough to look through; all of them are in the report. */
const capacity = 1000;

export function addSample(samples: Samples, event: SampleEvent): Samples {
  const { benchmark, id, model, question, gold, prediction, scores } = event;
  const key = JSON.stringify([benchmark, id]);
  const answers = new Map(samples.get(key)?.answers).set(model, { prediction, scores });
  const next = new Map(samples);
  next.delete(key);
  next.set(key, { benchmark, question, gold, answers });
  for (const oldest of next.keys()) {
    if (next.size <= capacity) break;
    next.delete(oldest);
  }
  return next;
}
