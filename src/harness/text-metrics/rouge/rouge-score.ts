import { lcsLength, lcsPlaces, wordNumbers } from "../lcs.ts";
import { countsOf, harmonicMean } from "../squad/word-f1.ts";
import { stem } from "./porter-stemmer.ts";

/**
 * Types of ROUGE (Lin 2004, https://aclanthology.org/W04-1013) as Google's rouge_score 0.1.2 computes them.
 */
export const rougeTypes = ["rouge1", "rouge2", "rougeL", "rougeLsum"] as const;
export type RougeType = (typeof rougeTypes)[number];

export interface RougeScore {
  precision: number;
  recall: number;
  fmeasure: number;
}

interface Options {
  /** Words of more than three letters are stemmed (`use_stemmer=True`). */
  isStemmed?: boolean;
}

/** One type's precision, recall and F of a prediction. */
export function rougeScore(
  type: RougeType,
  prediction: string,
  target: string,
  { isStemmed = false }: Options = {},
): RougeScore {
  const words = (text: string): string[] => rougeWords(text, isStemmed);
  if (type === "rougeLsum") {
    const lines = (text: string): string[][] => text.split("\n").filter(Boolean).map(words);
    return summaryScore(lines(prediction), lines(target));
  }
  const [got, expected] = [words(prediction), words(target)];
  if (type === "rougeL") return scoreOf(lcsOf(expected, got), got.length, expected.length);
  const [gotGrams, expectedGrams] = [ngrams(got, type), ngrams(expected, type)];
  let shared = 0;
  for (const [gram, count] of expectedGrams.counts) shared += Math.min(count, gotGrams.counts.get(gram) ?? 0);
  return scoreOf(shared, gotGrams.total, expectedGrams.total);
}

/** rouge_score's score_multi: that of the target with the highest F, the first among equals. */
export function rougeScoreOfBest(
  type: RougeType,
  prediction: string,
  targets: readonly string[],
  options: Options = {},
): RougeScore {
  const scores = targets.map((target) => rougeScore(type, prediction, target, options));
  return scores.reduce((best, score) => (score.fmeasure > best.fmeasure ? score : best));
}

/** Lower case, runs of ASCII letters and digits. */
export function rougeWords(text: string, isStemmed: boolean): string[] {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return isStemmed ? words.map((word) => (word.length > 3 ? stem(word) : word)) : words;
}

/**
 * Summary-level ROUGE-L (Lin 2004, §3.2) with lines as sentences: for each line of the target, the union of
 * its longest common subsequences with all lines of the prediction; a word counts at most as often as it
 * occurs.
 */
function summaryScore(got: readonly string[][], expected: readonly string[][]): RougeScore {
  const [leftExpected, leftGot] = [countsOf(expected.flat()), countsOf(got.flat())];
  const numbers = wordNumbers();
  const others = got.map(numbers);
  let shared = 0;
  for (const line of expected) {
    const own = numbers(line);
    const union = new Set(others.flatMap((other) => lcsPlaces(own, other, "one").places));
    for (const place of [...union].sort((a, b) => a - b)) {
      const word = line[place]!;
      const [a, b] = [leftExpected.get(word) ?? 0, leftGot.get(word) ?? 0];
      if (a === 0 || b === 0) continue;
      shared++;
      leftExpected.set(word, a - 1);
      leftGot.set(word, b - 1);
    }
  }
  return scoreOf(shared, got.flat().length, expected.flat().length);
}

function lcsOf(one: readonly string[], other: readonly string[]): number {
  const numbers = wordNumbers();
  return lcsLength(numbers(one), numbers(other));
}

function scoreOf(shared: number, got: number, expected: number): RougeScore {
  const precision = shared / Math.max(got, 1);
  const recall = shared / Math.max(expected, 1);
  return { precision, recall, fmeasure: harmonicMean(precision, recall) };
}

function ngrams(
  words: readonly string[],
  type: "rouge1" | "rouge2",
): { counts: Map<string, number>; total: number } {
  const grams = type === "rouge1" ? words : words.slice(1).map((word, i) => `${words[i]} ${word}`);
  return { counts: countsOf(grams), total: grams.length };
}
