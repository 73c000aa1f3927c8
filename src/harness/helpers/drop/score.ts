import { numpyMean } from "../../text-metrics/longbench/numpy-mean.ts";
import { splitBlanks } from "../../text-metrics/python-text.ts";
import { bestColumns } from "./assignment.ts";
import { floatIn, normalized } from "./normalize.ts";

/** DROP's exact match and F1 of answers that are several texts each. */
export function dropScore(predicted: readonly string[], gold: readonly string[]): { em: number; f1: number } {
  const [got, expected] = [predicted.map(normalized), gold.map(normalized)];
  const isSame = got.length === expected.length && sameSet(new Set(got), new Set(expected));
  const f1 = numpyMean(alignedF1(got.map(bag), expected.map(bag)));
  return { em: Number(isSame), f1: roundToHundredths(f1) };
}

function bag(text: string): Set<string> {
  return new Set(splitBlanks(text));
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}

/** F1 of the pairs that fit together best; 0 for what has no partner. */
function alignedF1(got: readonly Set<string>[], expected: readonly Set<string>[]): number[] {
  const scores = expected.map((gold) => got.map((one) => (numbersAgree(gold, one) ? bagF1(one, gold) : 0)));
  const result = new Array<number>(Math.max(got.length, expected.length)).fill(0);
  const isTall = expected.length > got.length;
  const table = isTall ? got.map((_, j) => scores.map((row) => row[j]!)) : scores;
  bestColumns(table).forEach((column, row) => {
    const [i, j] = isTall ? [column, row] : [row, column];
    if (i >= 0 && j >= 0) result[i] = Math.max(result[i]!, scores[i]![j]!);
  });
  return result;
}

function bagF1(got: ReadonlySet<string>, gold: ReadonlySet<string>): number {
  const shared = [...gold].filter((word) => got.has(word)).length;
  const precision = got.size === 0 ? 1 : shared / got.size;
  const recall = gold.size === 0 ? 1 : shared / gold.size;
  return precision === 0 && recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

function numbersAgree(gold: ReadonlySet<string>, got: ReadonlySet<string>): boolean {
  const numbers = [...gold].filter((word) => floatIn(word) !== undefined);
  return numbers.length === 0 || numbers.some((word) => got.has(word));
}

/** numpy's `round(x, 2)`: hundredths, halves to the even one. */
function roundToHundredths(value: number): number {
  const scaled = value * 100;
  const below = Math.floor(scaled);
  const isUp = scaled - below === 0.5 ? below % 2 === 1 : scaled - below > 0.5;
  return (isUp ? below + 1 : below) / 100;
}
