import type { EventOf } from "../../src/contracts/events.ts";

type SampleEvent = EventOf<"eval.sample">;

/** A question with its right answer, and what each model has answered so far. */
export interface Sample {
  readonly benchmark: string;
  readonly question: string;
  readonly gold: string;
  readonly answers: ReadonlyMap<string, SampleAnswer>;
}

export type SampleAnswer = Pick<SampleEvent, "prediction" | "scores" | "tokens" | "isCut" | "error">;

/** In the order of the last answer: the newest is the last. */
export type Samples = ReadonlyMap<string, Sample>;

/** Enough to look through; `zebra eval view` has all of them. */
const capacity = 500;
/** A text that goes on and on is kept by its beginning. */
const longest = 4000;

export function addSample(samples: Samples, event: SampleEvent): Samples {
  const { benchmark, id, model, scores, tokens, isCut, error } = event;
  const [question, gold, prediction] = [event.question, event.gold, event.prediction].map(kept);
  const key = JSON.stringify([benchmark, id]);
  const before = samples.get(key);
  const answer: SampleAnswer = {
    prediction: prediction!,
    scores,
    ...(tokens !== undefined && { tokens }),
    ...(isCut && { isCut }),
    ...(error !== undefined && { error }),
  };
  const answers = new Map(before?.answers).set(model, answer);
  const next = new Map(samples);
  next.delete(key);
  // A failed item has no question of its own.
  next.set(key, {
    benchmark,
    question: question || before?.question || "",
    gold: gold || before?.gold || "",
    answers,
  });
  for (const oldest of next.keys()) {
    if (next.size <= capacity) break;
    next.delete(oldest);
  }
  return next;
}

function kept(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
