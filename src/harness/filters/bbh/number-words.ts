import { splitBlanks } from "../../text-metrics/python-text.ts";
import { FilterError } from "../filter.ts";

const below20 =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen " +
  "seventeen eighteen nineteen";
const tens = "twenty thirty forty fifty sixty seventy eighty ninety";
const values = new Map<string, number>([
  ...below20.split(" ").map((word, i): [string, number] => [word, i]),
  ...tens.split(" ").map((word, i): [string, number] => [word, 10 * (i + 2)]),
  ["hundred", 100],
  ["thousand", 1e3],
  ["million", 1e6],
  ["billion", 1e9],
]);
const large = ["billion", "million", "thousand"] as const;

/**
 * A whole number in English words, as word2number 1.1 reads it, its ways with odd phrases included. Throws
 * FilterError where it has none.
 */
export function numberOfWords(text: string): number {
  const words = splitBlanks(text.replaceAll("-", " ").toLowerCase()).filter((word) => values.has(word));
  if (words.length === 0) throw wrong(text);
  if (large.some((word) => words.filter((one) => one === word).length > 1)) throw wrong(text);
  const [billion, million, thousand] = large.map((word) => words.indexOf(word)) as [number, number, number];
  if ((thousand >= 0 && (thousand < million || thousand < billion)) || (million >= 0 && million < billion))
    throw wrong(text);
  if (words.length === 1) return values.get(words[0]!)!;
  const between = (from: number, to?: number) => below1000(words.slice(from, to), text);
  let sum = 0;
  if (billion >= 0) sum += between(0, billion) * 1e9;
  if (million >= 0) sum += between(billion + 1, million) * 1e6;
  if (thousand >= 0) sum += between(Math.max(billion, million) + 1, thousand) * 1e3;
  const last = [thousand, million, billion].find((at) => at >= 0 && at !== words.length - 1);
  if (last !== undefined) sum += between(last + 1);
  else if (Math.max(billion, million, thousand) < 0) sum += between(0);
  return sum;
}

/** Of more than four words the first counts. */
function below1000(words: readonly string[], text: string): number {
  const [a, b = 0, c = 0, d = 0] = words.map((word) => values.get(word)!);
  if (a === undefined) throw wrong(text);
  if (words.length === 4) return a * b + c + d;
  if (words.length === 3) return a * b + c;
  if (words.length === 2) return a === 100 || b === 100 ? a * b : a + b;
  return a;
}

function wrong(text: string): FilterError {
  return new FilterError(`bbh_number: expected a number in words, got ${JSON.stringify(text.slice(0, 100))}`);
}
