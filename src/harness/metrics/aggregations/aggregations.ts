import { PyFloat, PyTuple } from "../../../jinja/values/values.ts";
import { bleu } from "../../text-metrics/bleu.ts";
import { chrf, chrfPlusPlus } from "../../text-metrics/chrf.ts";
import { type References, sameNumber } from "../../text-metrics/references.ts";
import { ter } from "../../text-metrics/ter.ts";
import { MetricError } from "../metric-error.ts";
import { binaryF1, type Label, matthews } from "./labels.ts";

/** Makes one figure of what the rows were given for a metric. */
export interface HarnessAggregation {
  name: string;
  /** What it takes of each row: a number, or two things (`[gold, prediction]`, `[sum, weight]`). */
  takes: "numbers" | "pairs" | "anything";
  /** How its standard error is found; undefined: it has none ("N/A"). */
  error?: "closed form" | "bootstrap";
  ofItems(items: readonly unknown[]): number;
}

/** One after the other, as Python 3.11 adds: other orders differ in the last digits. */
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

export function mean(numbers: readonly number[]): number {
  return sum(numbers) / numbers.length;
}

const ofNumbers = (
  name: string,
  error: HarnessAggregation["error"],
  make: (numbers: readonly number[]) => number,
): HarnessAggregation => ({
  name,
  takes: "numbers",
  ...(error && { error }),
  ofItems: (items) => make(items.map((item) => numberOf(name, item))),
});

const ofPairs = (
  name: string,
  error: HarnessAggregation["error"],
  make: (pairs: readonly (readonly [unknown, unknown])[]) => number,
): HarnessAggregation => ({
  name,
  takes: "pairs",
  ...(error && { error }),
  ofItems: (items) => make(items.map((item) => pairOf(name, item))),
});

function weightedMean(name: string, pairs: readonly (readonly [unknown, unknown])[]): number {
  const [sums, weights] = [0, 1].map((i) => sum(pairs.map((pair) => numberOf(name, pair[i]))));
  return sums! / weights!;
}

const ofTexts = (
  name: string,
  metric: (predictions: readonly string[], references: References) => number,
): HarnessAggregation =>
  ofPairs(name, "bootstrap", (pairs) => {
    const predictions = pairs.map(([, prediction]) => onlyText(name, prediction));
    const golds = pairs.map(([gold]) => (Array.isArray(gold) ? gold : [gold]));
    const all = golds.map((some) => some.map((one) => onlyText(name, one)));
    const { references } = sameNumber(all);
    if (references[0]?.length === 0)
      throw new MetricError(`${name}: expected a reference of each row, got none`);
    return metric(predictions, references);
  });

/** The aggregations of lm-evaluation-harness 0.4.13, by its names. */
export const aggregations: readonly HarnessAggregation[] = [
  { name: "bypass", takes: "anything", ofItems: () => 999 },
  ofNumbers("mean", "closed form", mean),
  ofNumbers("nanmean", "bootstrap", (numbers) => mean(numbers.filter((one) => !Number.isNaN(one)))),
  ofNumbers("median", "bootstrap", (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!),
  ofNumbers("perplexity", "bootstrap", (numbers) => Math.exp(-mean(numbers))),
  ofPairs("weighted_perplexity", undefined, (pairs) => Math.exp(-weightedMean("weighted_perplexity", pairs))),
  ofPairs("bits_per_byte", undefined, (pairs) => -weightedMean("bits_per_byte", pairs) / Math.log(2)),
  ofPairs("f1", "bootstrap", (pairs) => binaryF1(pairs.map(labelsOf("f1")))),
  ofPairs("matthews_corrcoef", "bootstrap", (pairs) => matthews(pairs.map(labelsOf("matthews_corrcoef")))),
  ofTexts("bleu", bleu),
  ofTexts("chrf", chrf),
  ofTexts("chrf++", chrfPlusPlus),
  ofTexts("ter", ter),
  ofPairs("brier_score", undefined, brierScore),
];

/** Mean squared distance of the choices' probabilities from 1 for the gold one and 0 for the others. */
function brierScore(pairs: readonly (readonly [unknown, unknown])[]): number {
  const distances = pairs.map(([gold, given]) => {
    const shares = Array.isArray(given) ? given.map((one) => numberOf("brier_score", one)) : [];
    const index = numberOf("brier_score", gold);
    const at = index < 0 ? index + shares.length : index;
    if (!Number.isInteger(at) || at < 0 || at >= shares.length)
      throw new MetricError(`brier_score: expected a gold choice of ${shares.length}, got ${index}`);
    return sum(shares.map((share, i) => (share - Number(i === at)) ** 2));
  });
  return mean(distances);
}

/** What a row was given, as a number. Throws MetricError for what is none. */
export function numberOf(name: string, item: unknown): number {
  if (typeof item === "number" || typeof item === "boolean" || typeof item === "bigint") return Number(item);
  if (item instanceof PyFloat) return item.value;
  throw new MetricError(`${name}: expected a number of each row, got ${shown(item)}`);
}

function pairOf(name: string, item: unknown): readonly [unknown, unknown] {
  const items = item instanceof PyTuple ? item.items : item;
  if (Array.isArray(items) && items.length === 2) return [items[0], items[1]];
  throw new MetricError(`${name}: expected two values of each row, got ${shown(item)}`);
}

const labelsOf =
  (name: string) =>
  ([gold, prediction]: readonly [unknown, unknown]): [Label, Label] => [
    labelOf(name, gold),
    labelOf(name, prediction),
  ];

function labelOf(name: string, item: unknown): Label {
  return typeof item === "string" ? item : numberOf(name, item);
}

function onlyText(name: string, given: unknown): string {
  const item = Array.isArray(given) && given.length === 1 ? given[0] : given;
  if (typeof item === "string") return item;
  throw new MetricError(`${name}: expected texts, got ${shown(item)}`);
}

function shown(item: unknown): string {
  if (item === null || item === undefined) return "nothing";
  if (typeof item === "number") return `the number ${item}`;
  return Array.isArray(item) || item instanceof PyTuple ? "a list" : `a ${typeof item}`;
}
