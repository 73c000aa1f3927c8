import { bootstrapInterval95 } from "./bootstrap.ts";
import { clustersOf, degreesOf, isZeroOrOne, type Part } from "./clusters.ts";
import { closedError, methodText, type Spread } from "./estimate.ts";
import { jackknifeError } from "./jackknife.ts";
import { mcnemarP } from "./mcnemar.ts";
import { studentP, studentQuantile } from "./student-t.ts";

/** How sure the difference of two models on the same items is. */
export interface PairedSpread extends Spread {
  /** Items on which the second one is higher, lower, the same. */
  above: number;
  below: number;
  same: number;
  /**
   * Two-sided: Student's t of the paired differences, over documents where items share them; where all
   * differences are the same, the sign test.
   */
  p?: number;
  /** McNemar's exact p, of items that are right or wrong. It takes them for independent. */
  mcnemar_p?: number;
}

/** `before` and `after` are parts of the same items. `of`: the figure from the mean. */
export function pairedSpreadOf(
  before: readonly Part[],
  after: readonly Part[],
  documents: readonly (string | undefined)[],
  of?: (mean: number) => number,
  { isResampled = true } = {},
): PairedSpread {
  const changes = before.map(({ sum, weight }, i) => after[i]!.sum / after[i]!.weight - sum / weight);
  const above = changes.filter((value) => value > 0).length;
  const below = changes.filter((value) => value < 0).length;
  const counts = { above, below, same: changes.length - above - below };
  const isShare = isZeroOrOne(before) && isZeroOrOne(after);
  const exact = isShare && before.length > 0 ? { mcnemar_p: mcnemarP(above, below) } : {};
  if (before.length < 2) return counts;
  const clusters = clustersOf([...before.keys()], documents);
  const isClustered = clusters.length < before.length;
  const figure = ([a, b]: readonly number[]): number => (of ? of(b!) - of(a!) : b! - a!);
  const means = [before, after].map((parts) => {
    const sum = parts.reduce((total, part) => total + part.sum, 0);
    return sum / parts.reduce((total, part) => total + part.weight, 0);
  });
  const difference = figure(means);
  const error = withoutNoise(jackknifeError([before, after], clusters, figure), means.map(of ?? Number));
  if (!Number.isFinite(error)) return { ...counts, ...exact };
  const degrees = degreesOf(clusters);
  const half = error === 0 ? 0 : studentQuantile(0.05, degrees) * error;
  const isMean = !of && before.every(({ weight }, i) => weight === 1 && after[i]!.weight === 1);
  const paired = before.map(({ sum }, i) => ({ sum: after[i]!.sum - sum, weight: 1 }));
  return {
    ...counts,
    ...{ low: difference - half, high: difference + half },
    stderr: isMean ? withoutNoise(closedError(paired, clusters, error), means) : error,
    method: error === 0 ? "sign test" : methodText("paired Student's t", isClustered),
    p: error === 0 ? signP(paired, clusters) : studentP(difference / error, degrees),
    ...exact,
    ...(isResampled && { bootstrap: bootstrapInterval95([before, after], clusters, figure) }),
    ...(isClustered && { clusters: clusters.length }),
  };
}

/** Where all differences are the same, only rounding tells them apart. */
function withoutNoise(error: number, means: readonly number[]): number {
  const scale = Math.max(...means.map(Math.abs));
  return error <= 1e-12 * scale ? 0 : error;
}

/** Sign test over clusters. */
function signP(paired: readonly Part[], clusters: readonly (readonly number[])[]): number {
  const sums = clusters.map((cluster) => cluster.reduce((sum, place) => sum + paired[place]!.sum, 0));
  return mcnemarP(sums.filter((sum) => sum > 0).length, sums.filter((sum) => sum < 0).length);
}
