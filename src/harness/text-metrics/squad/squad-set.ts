import { DataError } from "../../../errors.ts";
import { normalizeAnswer } from "./normalize-answer.ts";
import { squadExact, squadF1, squadV2F1 } from "./word-f1.ts";

export interface SquadItem {
  id: string;
  /** None where the question cannot be answered. */
  answers: readonly string[];
}

const best = (answers: readonly string[], score: (answer: string) => number): number =>
  answers.reduce((most, answer) => Math.max(most, score(answer)), 0);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Scores of a whole set as evaluate-v1.1.py has them, in percent. `missing`: no prediction, which is a 0. */
export function squadV1Scores(
  items: readonly SquadItem[],
  predictions: ReadonlyMap<string, string>,
): { exact_match: number; f1: number; missing: number } {
  const mean = (score: (prediction: string, answer: string) => number): number => {
    const scores = items.map(({ id, answers }) => {
      const prediction = predictions.get(id);
      return prediction === undefined ? 0 : best(answers, (answer) => score(prediction, answer));
    });
    return (100 * sum(scores)) / items.length;
  };
  return {
    exact_match: mean(squadExact),
    f1: mean(squadF1),
    missing: items.filter(({ id }) => !predictions.has(id)).length,
  };
}

export interface NoAnswer {
  /** By item: how probable it is that there is no answer. */
  probabilities: ReadonlyMap<string, number>;
  /** Above it an item counts as unanswered, whatever was predicted. */
  threshold: number;
}

/**
 * Scores of a whole set as evaluate-v2.0.py has them, in percent, under its names. With `noAnswer` also the
 * thresholds at which the scores would have been best.
 */
export function squadV2Scores(
  items: readonly SquadItem[],
  predictions: ReadonlyMap<string, string>,
  noAnswer?: NoAnswer,
): Record<string, number> {
  const byId = new Map(items.map((item) => [item.id, rowOf(item, predictions, noAnswer)]));
  const rows = [...byId.values()];
  const scores: Record<string, number> = {};
  const add = (prefix: string, some: readonly Row[]): void => {
    if (some.length === 0) return;
    scores[`${prefix}exact`] =
      (100 * sum(some.map((row) => afterThreshold(row, row.exact, noAnswer)))) / some.length;
    scores[`${prefix}f1`] =
      (100 * sum(some.map((row) => afterThreshold(row, row.f1, noAnswer)))) / some.length;
    scores[`${prefix}total`] = some.length;
  };
  add("", rows);
  add(
    "HasAns_",
    rows.filter((row) => row.hasAnswer),
  );
  add(
    "NoAns_",
    rows.filter((row) => !row.hasAnswer),
  );
  if (noAnswer === undefined) return scores;
  const [exact, f1] = [
    bestThreshold(byId, noAnswer.probabilities, "exact"),
    bestThreshold(byId, noAnswer.probabilities, "f1"),
  ];
  return {
    ...scores,
    best_exact: exact.score,
    best_exact_thresh: exact.threshold,
    best_f1: f1.score,
    best_f1_thresh: f1.threshold,
  };
}

interface Row {
  exact: number;
  f1: number;
  prediction: string;
  hasAnswer: boolean;
  probability: number;
}

function rowOf(
  { id, answers }: SquadItem,
  predictions: ReadonlyMap<string, string>,
  noAnswer: NoAnswer | undefined,
): Row {
  const prediction = predictions.get(id);
  const probability = noAnswer === undefined ? 0 : noAnswer.probabilities.get(id);
  if (prediction === undefined || probability === undefined) {
    const what = prediction === undefined ? "a prediction" : "a probability of no answer";
    throw new DataError(`SQuAD v2.0: expected ${what} for every question, got none for ${id}.`);
  }
  const named = answers.filter((answer) => normalizeAnswer(answer) !== "");
  const accepted = named.length > 0 ? named : [""];
  return {
    exact: best(accepted, (answer) => squadExact(prediction, answer)),
    f1: best(accepted, (answer) => squadV2F1(prediction, answer)),
    prediction,
    hasAnswer: answers.length > 0,
    probability,
  };
}

function afterThreshold(row: Row, score: number, noAnswer: NoAnswer | undefined): number {
  const isUnanswered = noAnswer !== undefined && row.probability > noAnswer.threshold;
  return isUnanswered ? Number(!row.hasAnswer) : score;
}

/**
 * find_best_thresh: items are taken in the order of their probability of no answer, those of the same one in
 * the order in which the probabilities are listed.
 */
function bestThreshold(
  rows: ReadonlyMap<string, Row>,
  probabilities: ReadonlyMap<string, number>,
  score: "exact" | "f1",
): { score: number; threshold: number } {
  let current = [...rows.values()].filter((row) => !row.hasAnswer).length;
  let [most, threshold] = [current, 0];
  for (const [id, probability] of [...probabilities].sort(([, a], [, b]) => a - b)) {
    const row = rows.get(id);
    if (row === undefined) continue;
    if (row.hasAnswer) current += row[score];
    else if (row.prediction !== "") current -= 1;
    if (current > most) [most, threshold] = [current, probability];
  }
  return { score: (100 * most) / rows.size, threshold };
}
