import type { Headline, Measured, Outcome } from "../../contracts/verdict.ts";
import type { Asking } from "../benchmark.ts";
import { knownBenchmark } from "../own/known-benchmark.ts";
import { type Comparison, compare } from "../results/figures.ts";
import type { SampleLine } from "../results/samples.ts";
import { outcomeOf } from "../verdict/headlines.ts";
import type { Entry } from "./read-runs.ts";

/** One benchmark's headline over several models, and what their differences are. */
export interface ComparedBenchmark extends Pick<Headline, "benchmark" | "metric" | "name" | "better"> {
  /** In the order of the entries; undefined where a run has no such figure. */
  values: ((Measured & { n: number }) | undefined)[];
  pairs: Pair[];
}

/** Two entries by their places: `to` minus `from`. */
export interface Pair {
  from: number;
  to: number;
  /** Undefined where they were not asked the same. */
  outcome: Outcome | undefined;
  difference?: Measured;
  n: number;
  /** Items that only one of them was asked. */
  unlike: number;
}

/** So many models are compared each with each; of more, all with the first. */
const mostWithEach = 4;

/** Compares the headlines of every benchmark that at least one of the models has been asked. */
export function compareEntries(entries: readonly Entry[]): ComparedBenchmark[] {
  const names = [...new Set(entries.flatMap(({ lines }) => [...lines.keys()]))];
  return names.flatMap((benchmark) => {
    const known = entries
      .map(({ results }) => knownBenchmark(results, benchmark))
      .find((asking) => asking !== undefined);
    if (!known) return [];
    const { metric, name } = known.headline;
    const values = entries.map(({ results, label }) => {
      const one = results.results.find(
        (each) =>
          each.model === label && each.benchmark === benchmark && each.metric === metric && each.slice === "",
      );
      if (!one) return undefined;
      const { value, low, high, n } = one;
      return { value, n, ...(low !== undefined && { low }), ...(high !== undefined && { high }) };
    });
    const pairs = pairsOf(entries.length).flatMap(([from, to]): Pair[] => {
      const [a, b] = [entries[from]!.lines.get(benchmark), entries[to]!.lines.get(benchmark)];
      if (!a || !b) return [];
      const own = ownComparison(entries[from]!, entries[to]!, benchmark, metric);
      return [{ from, to, ...(own ?? comparePair(a, b, known)) }];
    });
    return [{ benchmark, metric, name, better: known.metrics[metric]!.better, values, pairs }];
  });
}

function pairsOf(count: number): [number, number][] {
  const places = Array.from({ length: count }, (_, i) => i);
  return places.flatMap((from) =>
    places
      .filter((to) => to > from && (from === 0 || count <= mostWithEach))
      .map((to): [number, number] => [from, to]),
  );
}

/** What the run itself says of its two models, so that a page never says otherwise than its report. */
function ownComparison(
  from: Entry,
  { label, results }: Entry,
  benchmark: string,
  metric: string,
): Omit<Pair, "from" | "to"> | undefined {
  const [first] = results.models;
  const base = from.results.models.find((one) => one.label === from.label);
  if (!first || first.label === label || first.sha256 !== base?.sha256) return undefined;
  const found = results.comparisons.find(
    (one) => one.benchmark === benchmark && one.metric === metric && one.slice === "" && one.model === label,
  );
  if (!found || from.results.settings.max_seq_tokens !== results.settings.max_seq_tokens) return undefined;
  return { ...measuredPair(found), unlike: 0 };
}

function measuredPair(found: Comparison): Pick<Pair, "outcome" | "difference" | "n"> {
  const { difference: value, low, high, n } = found;
  const interval = low === undefined || high === undefined ? {} : { low, high };
  return { outcome: outcomeOf(found), difference: { value, ...interval }, n };
}

/** A verdict needs the same questions, in the same tokens, with the same right answers. */
function comparePair(
  a: readonly SampleLine[],
  b: readonly SampleLine[],
  { metrics, headline }: Asking,
): Omit<Pair, "from" | "to"> {
  const keyOf = ({ id, inputHash }: SampleLine): string => `${id}\n${inputHash}`;
  const others = new Map(b.map((line) => [keyOf(line), line]));
  const same = a.filter((line) => others.has(keyOf(line)));
  const unlike = a.length + b.length - 2 * same.length;
  if (unlike > 0 || same.length === 0) return { outcome: undefined, n: same.length, unlike };
  // A test set of one's own may have been scored by more in one run than in the other.
  const scoresOf = (line: SampleLine) =>
    "error" in line ? [] : line.scores.filter(({ metric }) => Object.hasOwn(metrics, metric));
  const found = compare(
    same.map(scoresOf),
    same.map((line) => scoresOf(others.get(keyOf(line))!)),
    metrics,
  ).find(({ slice, metric }) => slice === "" && metric === headline.metric);
  if (!found) return { outcome: undefined, n: 0, unlike };
  return { ...measuredPair(found), unlike };
}
