import type { Measured } from "../../contracts/verdict.ts";
import type { ComparedBenchmark } from "./compare-runs.ts";

/** Models by benchmarks, with ranks. */
export interface Board {
  /** The best first. */
  models: { name: string; mean_rank?: number }[];
  benchmarks: BoardColumn[];
  /** Differences that were tested. */
  comparisons: number;
  /** Columns that mean ranks are over: those in which every model has a rank. */
  ranked: string[];
}

export interface BoardColumn extends Pick<ComparedBenchmark, "benchmark" | "metric" | "name" | "better"> {
  /** In the order of the board's models; undefined where a model has no figure. */
  cells: (BoardCell | undefined)[];
}

export interface BoardCell extends Measured {
  n: number;
  /** 1 + the number of models that are better; undefined where it was asked other questions than most. */
  rank?: number;
  /** Other models have the same rank. */
  is_tied?: boolean;
}

/**
 * Ranks models: of each benchmark, a model's rank is one more than the number of those whose paired
 * difference from it leaves out 0, so that models which the items cannot tell apart share one. The mean rank
 * over benchmarks orders them. `compared`: each with each.
 */
export function boardOf(names: readonly string[], compared: readonly ComparedBenchmark[]): Board {
  const columns = compared.map((one) => ({ ...one, cells: cellsOf(one) }));
  const ranked = columns.filter(({ cells }) => cells.every((cell) => cell?.rank !== undefined));
  const means = names.map((_, i) =>
    ranked.length === 0
      ? undefined
      : ranked.reduce((sum, { cells }) => sum + cells[i]!.rank!, 0) / ranked.length,
  );
  const order = [...names.keys()].sort((a, b) => (means[a] ?? 0) - (means[b] ?? 0) || a - b);
  return {
    models: order.map((i) => ({
      name: names[i]!,
      ...(means[i] !== undefined && { mean_rank: means[i] }),
    })),
    benchmarks: columns.map(({ benchmark, metric, name, better, cells }) => ({
      ...{ benchmark, metric, name, better },
      cells: order.map((i) => cells[i]),
    })),
    comparisons: compared.flatMap(({ pairs }) => pairs.filter(({ p }) => p !== undefined)).length,
    ranked: ranked.map(({ benchmark }) => benchmark),
  };
}

function cellsOf({ values, pairs }: ComparedBenchmark): (BoardCell | undefined)[] {
  const alike = mostAlike(values.length, { values, pairs });
  const better = Array<number>(values.length).fill(0);
  for (const { from, to, outcome } of pairs) {
    if (!alike.has(from) || !alike.has(to)) continue;
    if (outcome === "better") better[from]!++;
    if (outcome === "worse") better[to]!++;
  }
  return values.map((value, i) => {
    if (!value) return undefined;
    if (!alike.has(i)) return value;
    const isTied = [...alike].some((other) => other !== i && better[other] === better[i]);
    return { ...value, rank: 1 + better[i]!, ...(isTied && { is_tied: true }) };
  });
}

/** The largest group of models that were asked the same; the first of several. */
function mostAlike(
  count: number,
  { values, pairs }: Pick<ComparedBenchmark, "values" | "pairs">,
): Set<number> {
  const groups = Array.from({ length: count }, (_, i) => {
    const others = pairs
      .filter(({ from, to, outcome }) => outcome !== undefined && (from === i || to === i))
      .map(({ from, to }) => (from === i ? to : from));
    return values[i] ? new Set([i, ...others]) : new Set<number>();
  });
  return groups.reduce((most, one) => (one.size > most.size ? one : most), new Set<number>());
}

/** What ranks mean, and over how many comparisons. */
export function boardAbout({ comparisons, ranked, benchmarks }: Board): string {
  const over =
    ranked.length === benchmarks.length
      ? ""
      : ` Mean ranks are over ${ranked.length === 0 ? "nothing: no benchmark asked all models the same" : ranked.join(", ")}.`;
  return (
    "Rank: one more than the number of models that are better, by paired 95 % intervals on the same questions; " +
    `models that cannot be told apart share one.${over} Ranks do not count that there are ${comparisons} ` +
    "comparisons: of 20 pairs that do not differ, one looks as if it did. --json has each with p by Holm."
  );
}
