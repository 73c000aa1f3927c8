import { mcnemarP } from "../../src/eval/statistics/mcnemar.ts";
import { pairedDifference } from "../../src/eval/statistics/paired.ts";
import { clusteredStandardError, meanOf, standardError } from "../../src/eval/statistics/standard-error.ts";
import { wilsonInterval95 } from "../../src/eval/statistics/wilson.ts";
import type { Comparison, Oracle } from "./oracle.ts";
import { compareFigures, readOracle } from "./read-oracle.ts";

interface Row {
  a: number[];
  b: number[];
  clusters: number[];
  [figure: string]: number | number[];
}

/** Errors, paired differences and tests; the groups of the same file are compared elsewhere. */
export const statisticsOracle: Oracle = {
  takes: (fileName) => fileName === "statistics.json",
  *compare(path): Iterable<Comparison> {
    const { rows } = readOracle<{ rows: Row[] }>(path);
    for (const [i, { a, b, clusters, ...expected }] of rows.entries())
      yield compareFigures(`statistics ${i}`, figuresOf(a, b, clusters), flat(expected));
  },
};

function figuresOf(
  a: readonly number[],
  b: readonly number[],
  clusters: readonly number[],
): Record<string, number> {
  const paired = pairedDifference(a, b);
  const right = a.filter((value) => value === 1).length;
  return {
    mean: meanOf(a),
    stderr: standardError(a),
    clustered_stderr: clusteredStandardError(a, clusters),
    difference: paired.difference,
    wins: paired.wins,
    losses: paired.losses,
    ties: paired.ties,
    paired_stderr: paired.standardError,
    clustered_paired_stderr: clusteredStandardError(
      a.map((value, i) => b[i]! - value),
      clusters,
    ),
    mcnemar_exact_p: mcnemarP(paired.wins, paired.losses),
    paired_t_p: paired.p,
    ...flat({
      paired_t_interval95: [...paired.interval95],
      wilson95: [...wilsonInterval95(right, a.length)],
    }),
  };
}

/** An interval as two figures. */
function flat(figures: Record<string, number | number[]>): Record<string, number> {
  const entries = Object.entries(figures).flatMap(([name, value]): [string, number][] =>
    typeof value === "number" ? [[name, value]] : value.map((one, i) => [`${name}.${i}`, one]),
  );
  return Object.fromEntries(entries);
}
