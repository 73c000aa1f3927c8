import type { Headline, Measured, Outcome } from "../../contracts/verdict.ts";
import { knownBenchmark } from "../own/known-benchmark.ts";
import type { Comparison } from "../results/figures.ts";
import { benchmarkNames, type Results } from "../results/results.ts";

/** The headline of every benchmark, in the order of the recipe, and by model. */
export function headlinesOf(all: Results): Headline[] {
  const { models, results, comparisons } = all;
  const others = models.length === 1 ? models : models.slice(1);
  return benchmarkNames(all).flatMap((benchmark) => {
    const { headline } = knownBenchmark(all, benchmark) ?? {};
    if (!headline) return [];
    const { metric, name } = headline;
    const isIt = (one: { benchmark: string; metric: string; slice: string }): boolean =>
      one.benchmark === benchmark && one.metric === metric && one.slice === "";
    return others.flatMap(({ label: model }): Headline[] => {
      const own = results.find((one) => isIt(one) && one.model === model);
      if (!own) return [];
      const compared = comparisons.find((one) => isIt(one) && one.model === model);
      const base = compared && results.find((one) => isIt(one) && one.model === compared.baseline);
      const common = { benchmark, metric, name, better: own.better, model, after: measured(own) };
      if (!compared) return [{ ...common, baseline: "", outcome: "measured", n: own.n }];
      const { baseline, difference, low, high, n, method, p, p_holm: adjustedP } = compared;
      return [
        {
          ...common,
          baseline,
          before: base ? measured(base) : { value: compared.before },
          difference: measured({ value: difference, low, high }),
          outcome: outcomeOf(compared),
          n,
          ...(method !== undefined && { method }),
          ...(p !== undefined && { p }),
          ...(adjustedP !== undefined && { adjustedP }),
        },
      ];
    });
  });
}

/** Above this p, a difference may be chance. */
const level = 0.05;

/**
 * Better or worse where the paired interval of the difference leaves out 0. That is not believed where an
 * exact test says otherwise: of a few right-or-wrong items, or where all differences are the same. Results of
 * older versions have the interval alone.
 */
export function outcomeOf({
  better,
  difference,
  low,
  high,
  p = 0,
  mcnemar_p = 0,
  clusters,
}: Pick<Comparison, "better" | "difference" | "low" | "high" | "p" | "mcnemar_p" | "clusters">): Outcome {
  if (low === undefined || high === undefined) return difference === 0 ? "same" : "unclear";
  if (low <= 0 && high >= 0) return "same";
  // McNemar's test takes items for independent: where they share documents, p does not.
  if (p > level || (clusters === undefined && mcnemar_p > level)) return "unclear";
  return high < 0 === (better === "lower") ? "better" : "worse";
}

/** `Better on long-qa. Worse on perplexity and summarization. No difference on passkey.` */
export function summaryOf(headlines: readonly Headline[]): string {
  const compared = headlines.filter(({ outcome }) => outcome !== "measured");
  if (new Set(compared.map(({ model }) => model)).size > 1) {
    return [...Map.groupBy(compared, ({ model }) => model)]
      .map(([model, own]) => `${model}: ${sentences(own).join(". ").toLowerCase()}.`)
      .join(" ");
  }
  return sentences(compared)
    .map((sentence) => `${sentence}.`)
    .join(" ");
}

function sentences(headlines: readonly Headline[]): string[] {
  const words = { better: "Better on", worse: "Worse on", same: "No difference on", unclear: "Unclear on" };
  return Object.entries(words).flatMap(([outcome, word]) => {
    const names = headlines.filter((one) => one.outcome === outcome).map(({ benchmark }) => benchmark);
    return names.length === 0 ? [] : [`${word} ${listed(names)}`];
  });
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function measured({
  value,
  low,
  high,
}: {
  value: number;
  low?: number | undefined;
  high?: number | undefined;
}): Measured {
  return { value, ...(low !== undefined && { low }), ...(high !== undefined && { high }) };
}
