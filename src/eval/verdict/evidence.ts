import type { EventOf, RunEvent } from "../../contracts/events.ts";
import { mixPaths, runPaths } from "../../contracts/run-folder.ts";
import type { Advice, Headline } from "../../contracts/verdict.ts";
import { type PackLengths, readPackLengths } from "../../mixing/packs/pack-lengths.ts";
import type { RunFacts } from "../run-facts.ts";
import { type AnswerFacts, readAnswerFacts } from "./answer-facts.ts";

/** All that the rules of advice look at. */
export interface Evidence extends RunFacts {
  headlines: readonly Headline[];
  answers: readonly AnswerFacts[];
  lengths: PackLengths | undefined;
  steps: readonly EventOf<"train.step">[];
  validations: readonly EventOf<"train.validation">[];
}

/** Looks at the evidence and says what to try; undefined where it finds nothing. */
export type Rule = (evidence: Evidence) => Omit<Advice, "rule"> | undefined;

/** Reads what the rules need beside the facts of the run. */
export async function readEvidence(
  runDir: string,
  facts: RunFacts,
  headlines: readonly Headline[],
): Promise<Evidence> {
  const paths = runPaths(runDir);
  const { results, training } = facts;
  return {
    ...facts,
    headlines,
    answers: results ? await readAnswerFacts(paths.eval, results) : [],
    lengths: facts.mix && (await readPackLengths(mixPaths(paths.mix).train)),
    steps: eventsOf(training, "train.step"),
    validations: eventsOf(training, "train.validation"),
  };
}

function eventsOf<T extends "train.step" | "train.validation">(
  training: readonly RunEvent[],
  type: T,
): EventOf<T>[] {
  return training.filter((event): event is EventOf<T> => event.type === type);
}

/** Before and after of each benchmark with written answers, where two models are compared. */
export function pairsOf({ answers, headlines }: Evidence): { before: AnswerFacts; after: AnswerFacts }[] {
  return headlines.flatMap(({ benchmark, baseline, model }) => {
    const of = (label: string) => answers.find((one) => one.benchmark === benchmark && one.model === label);
    const [before, after] = [of(baseline), of(model)];
    return before && after ? [{ before, after }] : [];
  });
}

/** The facts of the last model's answers: the tuned one's. */
export function tunedAnswers({ answers, results }: Evidence): AnswerFacts[] {
  const label = results?.models.at(-1)?.label;
  return answers.filter(({ model }) => model === label);
}

/** `74 %`. */
export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
