import { Stopped, type StopSignal } from "../../contracts/events.ts";
import type { TaskDocument } from "../../harness/requests/documents.ts";
import type { Generation } from "../../harness/requests/generation.ts";
import type {
  Answered,
  GenerateAnswer,
  LoglikelihoodAnswer,
  Respondent,
  RollingAnswer,
} from "../../harness/respondent.ts";
import type { OutputType, TaskConfig } from "../../harness/task-config.ts";
import { type AnswerCache, answerKey } from "./answer-cache.ts";

export type TaskAnswer = LoglikelihoodAnswer | RollingAnswer | GenerateAnswer;
export type Asked = TaskAnswer | { error: string };

export interface AskIo {
  cache: AnswerCache;
  stop: StopSignal;
  /** Told of every hundredth of the answers, and of the last. */
  progress(done: number, total: number): void;
  /** Told when every answer about a document is there. `isKnown`: all of them were in the cache. */
  onDocument?(document: number, answers: Asked[][], isKnown: boolean): void;
}

/** Where an answer belongs: which document's, which of its arguments, which draw. */
interface Place {
  document: number;
  argument: number;
  repeat: number;
}

/** Rows that ask the same are asked once: all their places. */
type Request = { key: string; places: [Place, ...Place[]] };

/**
 * Asks everything about a task's documents that the cache has no answer to, and keeps each answer as it
 * comes. Gives answers by document, argument and draw. Throws Stopped between answers.
 */
export async function askTask(
  respondent: Respondent,
  config: TaskConfig,
  documents: readonly TaskDocument[],
  generation: Generation,
  { cache, stop, progress, onDocument }: AskIo,
): Promise<Asked[][][]> {
  const { output_type, task, metadata, repeats } = config;
  const draws = output_type === "generate_until" ? repeats : 1;
  const answers: Asked[][][] = documents.map(({ arguments: all }) => all.map(() => []));
  const open = new Map<string, Request>();
  const missing = documents.map(() => 0);
  let [done, total] = [0, 0];
  for (const [document, { arguments: all }] of documents.entries()) {
    for (const [argument, texts] of all.entries()) {
      for (let repeat = 0; repeat < draws; repeat++) {
        const asked = output_type === "generate_until" ? { texts, ...generation, repeat } : { texts };
        const key = answerKey(respondent.identity, task, metadata.version, {
          kind: kindOf(output_type),
          ...asked,
        });
        const known = cache.get<TaskAnswer>(key);
        const place: Place = { document, argument, repeat };
        total++;
        if (known !== undefined) {
          answers[document]![argument]![repeat] = known;
          done++;
          continue;
        }
        missing[document]!++;
        if (open.has(key)) open.get(key)!.places.push(place);
        else open.set(key, { key, places: [place] });
      }
    }
    if (missing[document] === 0) onDocument?.(document, answers[document]!, true);
  }
  progress(done, total);
  if (stop.stopped) throw new Stopped();
  const requests = [...open.values()];
  if (requests.length === 0) return answers;
  const textsOf = ({ places: [{ document, argument }] }: Request) =>
    documents[document]!.arguments[argument]!;
  for await (const { place, answer } of ask(respondent, output_type, requests, textsOf, generation)) {
    const { key, places } = requests[place]!;
    for (const { document, argument, repeat } of places) answers[document]![argument]![repeat] = answer;
    if (!("error" in answer)) await cache.put(key, answer);
    for (const { document } of places)
      if (--missing[document]! === 0) onDocument?.(document, answers[document]!, false);
    const before = Math.floor((100 * done) / total);
    done += places.length;
    if (done === total || Math.floor((100 * done) / total) > before) progress(done, total);
    if (stop.stopped) throw new Stopped();
  }
  return answers;
}

const kindOf = (type: OutputType): string => (type === "multiple_choice" ? "loglikelihood" : type);

function ask(
  respondent: Respondent,
  type: OutputType,
  open: readonly Request[],
  textsOf: (request: Request) => readonly string[],
  { until, maxGenToks, sampling }: Generation,
): AsyncIterable<Answered<TaskAnswer>> {
  const texts = open.map(textsOf);
  if (type === "loglikelihood_rolling") return respondent.rolling(texts.map(([text]) => text!));
  if (type === "generate_until") {
    return respondent.generate(
      open.map(({ places: [{ repeat }] }, i) => ({
        context: texts[i]![0]!,
        until,
        maxGenToks,
        sampling,
        repeat,
      })),
    );
  }
  return respondent.loglikelihood(
    texts.map(([context, continuation]) => ({ context: context!, continuation: continuation! })),
  );
}
