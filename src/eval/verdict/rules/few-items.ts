import type { Headline } from "../../../contracts/verdict.ts";
import { knownBenchmark } from "../../own/known-benchmark.ts";
import { type Evidence, percent, type Rule } from "../evidence.ts";

/** Differences smaller than this share (of 1, or of a perplexity) are worth knowing about. */
const telling = 0.05;

/** A difference is not seen because the interval is wide. */
export const fewItems: Rule = (evidence) => {
  const wide = evidence.headlines.flatMap((headline) => {
    const half = halfWidth(headline);
    return headline.outcome !== "better" && headline.outcome !== "worse" && half > telling
      ? [{ headline, half }]
      : [];
  });
  if (wide.length === 0) return undefined;
  const parts = wide.map(
    ({ headline, half }) =>
      `${headline.benchmark} (${headline.n} ${headline.n === 1 ? "item" : "items"}: ` +
      `${Number.isFinite(half) ? `± ${percent(half)}` : "no interval"})`,
  );
  const isAsked = wide.every(({ headline }) => atLimit(evidence, headline));
  return {
    evidence: `too few items to tell a small difference: ${parts.join(", ")}`,
    advice: isAsked
      ? "raise their `limit` in eval.benchmarks: four times the items halve the interval"
      : "hold more documents out (data.split.test) and raise `limit`, or a pass key's `trials`: four times the " +
        "items halve the interval",
  };
};

/** Half the interval of a difference: of a share as it is, of a perplexity as a share of it. */
function halfWidth({ difference, before, better }: Headline): number {
  if (!difference || !before) return 0;
  if (difference.low === undefined || difference.high === undefined) return Number.POSITIVE_INFINITY;
  const half = (difference.high - difference.low) / 2;
  return better === "lower" ? half / before.value : half;
}

/** It has as many items as it may have: there may be more. */
function atLimit({ results }: Evidence, { benchmark, n }: Headline): boolean {
  const asked = results?.settings.benchmarks.find(({ name }) => name === benchmark)?.limit;
  const known = knownBenchmark(results ?? {}, benchmark);
  return n >= (asked ?? known?.defaultLimit ?? Number.POSITIVE_INFINITY);
}
