import { knownBenchmark } from "../own/known-benchmark.ts";
import { holmAdjusted } from "../statistics/holm.ts";
import type { Results } from "./results.ts";

/** Gives the headlines' comparisons their p by Holm, over all benchmarks and models of the results. */
export function adjustHeadlines(found: Results): void {
  const headlines = found.comparisons.filter(
    ({ benchmark, metric, slice, p }) =>
      slice === "" && p !== undefined && knownBenchmark(found, benchmark)?.headline.metric === metric,
  );
  const adjusted = holmAdjusted(headlines.map(({ p }) => p!));
  for (const [i, one] of headlines.entries()) one.p_holm = adjusted[i]!;
}
