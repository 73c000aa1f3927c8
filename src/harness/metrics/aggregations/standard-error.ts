import { PythonRandom } from "../../python/random.ts";
import { type HarnessAggregation, mean, numberOf } from "./aggregations.ts";

/** Resamplings of one random generator. */
const maxChunk = 1000;
/** Resamplings of texts: their scores are slow. */
const maxOfTexts = 100;
const ofTexts = ["bleu", "chrf", "chrf++", "ter"];

/** Standard deviation with n − 1 below. */
export function sampleDeviation(numbers: readonly number[]): number {
  const center = mean(numbers);
  const squares = numbers.reduce((total, one) => total + (one - center) ** 2, 0);
  return Math.sqrt(squares / (numbers.length - 1));
}

/**
 * The standard error of a figure as lm-evaluation-harness gives it: in closed form for means, by bootstrap
 * for some others, with the generators that it uses (`random.Random(0)`, `Random(1)` … for 1,000 resamplings
 * each), so that it is the same number. "N/A" for one row, no resamplings, or an aggregation without one.
 */
export function standardError(
  metric: string,
  aggregation: HarnessAggregation,
  items: readonly unknown[],
  bootstrapIters: number,
): number | "N/A" {
  if (bootstrapIters <= 0 || items.length < 2 || aggregation.error === undefined) return "N/A";
  if (aggregation.error === "closed form")
    return sampleDeviation(items.map((item) => numberOf(metric, item))) / Math.sqrt(items.length);
  const iters = ofTexts.includes(metric) ? Math.min(bootstrapIters, maxOfTexts) : bootstrapIters;
  const chunk = Math.min(maxChunk, iters);
  const figures: number[] = [];
  for (let seed = 0; seed < Math.floor(iters / chunk); seed++) {
    const random = new PythonRandom(seed);
    for (let i = 0; i < chunk; i++) figures.push(aggregation.ofItems(random.choices(items, items.length)));
  }
  return figures.length < 2 ? "N/A" : sampleDeviation(figures);
}
