import {
  averagesOverLengths,
  effectiveLength,
  rulerThreshold,
} from "../../harness/text-metrics/long-context/ruler.ts";
import { knownBenchmark } from "../own/known-benchmark.ts";
import { benchmarkNames, type Results } from "../results/results.ts";
import type { LengthProfile } from "./profile.ts";
import { placeOf } from "./slices.ts";

/** Of every benchmark and model that has figures by length, as RULER sums them up. */
export function lengthProfiles(all: Results): LengthProfile[] {
  return benchmarkNames(all).flatMap((benchmark) => {
    const headline = knownBenchmark(all, benchmark)?.headline;
    if (!headline) return [];
    return all.models.flatMap(({ label: model }): LengthProfile[] => {
      const own = all.results.filter(
        (one) =>
          one.benchmark === benchmark &&
          one.model === model &&
          one.metric === headline.metric &&
          one.better === "higher",
      );
      const lengths = scoresByLength(own);
      if (lengths.length === 0) return [];
      const effective = effectiveLength(lengths, rulerThreshold) ?? null;
      const common = { benchmark, model, metric: headline.metric, threshold: rulerThreshold };
      return [{ ...common, lengths, effective, ...averagesOverLengths(lengths) }];
    });
  });
}

function scoresByLength(figures: readonly { slice: string; value: number }[]): LengthProfile["lengths"] {
  const placed = figures.flatMap(({ slice, value }) => {
    const place = placeOf(slice);
    return place && place.depth === undefined ? [{ ...place, value }] : [];
  });
  return [...Map.groupBy(placed, ({ length }) => length)]
    .map(([length, ones]) => {
      // The mean of the tasks, each counting the same, where there are several.
      const byTask = ones.filter(({ task }) => task !== undefined);
      const counted = byTask.length > 0 ? byTask : ones;
      const sum = counted.reduce((total, { value }) => total + value, 0);
      // Without the last digits, so that 85.6 % of fractions is 85.6.
      const score = Number(((100 * sum) / counted.length).toFixed(9));
      return { length, score, tasks: counted.length };
    })
    .toSorted((a, b) => a.length - b.length);
}
