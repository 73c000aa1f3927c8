import type { Headline, Measured, Outcome } from "../../contracts/verdict.ts";
import { holmAdjusted } from "../statistics/holm.ts";
import { type CompareOptions, comparePair, measuredPairing, type Pairing } from "./compare-pair.ts";
import type { AskedBenchmark, Entry } from "./entry.ts";

/** One benchmark's headline over several models, and what their differences are. */
export interface ComparedBenchmark extends Pick<Headline, "benchmark" | "metric" | "name" | "better"> {
  /** In the order of the entries; undefined where a run has no such figure. */
  values: ((Measured & { n: number }) | undefined)[];
  pairs: Pair[];
}

/** Two entries by their places: `to` minus `from`. */
export interface Pair extends Pairing {
  from: number;
  to: number;
  /** Undefined where they were not asked the same. */
  outcome: Outcome | undefined;
  /** p by Holm over everything that is compared here. */
  p_holm?: number;
}

/** So many models are compared each with each; of more, all with the first. */
const mostWithEach = 4;

/** Compares the headlines of every benchmark that at least one of the models has been asked. */
export function compareEntries(entries: readonly Entry[], options: CompareOptions = {}): ComparedBenchmark[] {
  const names = [...new Set(entries.flatMap(({ asked }) => [...asked.keys()]))];
  const compared = names.map((benchmark): ComparedBenchmark => {
    const asked = entries.map((entry) => entry.asked.get(benchmark));
    const known = headlineOf(asked);
    const { metric, name } = known.headline;
    const pairs = pairsOf(entries.length, options).flatMap(([from, to]): Pair[] => {
      const [a, b] = [asked[from], asked[to]];
      if (!a || !b) return [];
      const isOwn = !options.isShared && !options.isEach;
      const own = isOwn ? ownPairing(entries[from]!, entries[to]!, benchmark, metric) : undefined;
      return [{ from, to, ...(own ?? comparePair(a, b, known, options)) }];
    });
    const values = asked.map((one) => (one?.asking.headline.metric === metric ? one.value : undefined));
    return { benchmark, metric, name, better: known.metrics[metric]?.better ?? "higher", values, pairs };
  });
  const tested = compared.flatMap(({ pairs }) => pairs.filter(({ p }) => p !== undefined));
  const adjusted = holmAdjusted(tested.map(({ p }) => p!));
  for (const [i, pair] of tested.entries()) pair.p_holm = adjusted[i]!;
  return compared;
}

/** How it was asked by the first that was asked it. */
function headlineOf(asked: readonly (AskedBenchmark | undefined)[]) {
  return asked.find((one) => one !== undefined)!.asking;
}

function pairsOf(count: number, { isEach = count <= mostWithEach }: CompareOptions): [number, number][] {
  const places = Array.from({ length: count }, (_, i) => i);
  return places.flatMap((from) =>
    places.filter((to) => to > from && (from === 0 || isEach)).map((to): [number, number] => [from, to]),
  );
}

/** What the run itself says of its two models, so that a page never says otherwise than its report. */
function ownPairing(from: Entry, to: Entry, benchmark: string, metric: string) {
  if (!from.own || !to.own) return undefined;
  const { label, results } = to.own;
  const { label: fromLabel, results: fromResults } = from.own;
  const [first] = results.models;
  const base = fromResults.models.find((one) => one.label === fromLabel);
  if (!first || first.label === label || first.sha256 !== base?.sha256) return undefined;
  const found = results.comparisons.find(
    (one) => one.benchmark === benchmark && one.metric === metric && one.slice === "" && one.model === label,
  );
  if (!found || fromResults.settings.max_seq_tokens !== results.settings.max_seq_tokens) return undefined;
  return measuredPairing(found);
}
