import { bootstrapInterval95 } from "./bootstrap.ts";
import { type Clusters, clustersOf, degreesOf, isZeroOrOne, type Part } from "./clusters.ts";
import { jackknifeError, totalOf } from "./jackknife.ts";
import { clusteredStandardError, standardError } from "./standard-error.ts";
import { studentQuantile } from "./student-t.ts";
import { wilsonInterval95, wilsonWith } from "./wilson.ts";

/** How sure a figure is. */
export interface Spread {
  /** 95 % interval by `method`; absent of a single item. */
  low?: number;
  high?: number;
  /**
   * Closed form where the figure is a mean: sample standard deviation / √n, over documents Miller's. Of
   * weighted and derived figures by leaving out one item, or one document, at a time.
   */
  stderr?: number;
  /** How `low` and `high` were found, in words. */
  method?: string;
  /** The 2.5 and 97.5 percentiles of 1,000 resamplings of items, or of documents. */
  bootstrap?: { low: number; high: number };
  /** Documents, where several items share one: errors and intervals are over these. */
  clusters?: number;
}

/**
 * How sure a figure of one model is. `parts`: of its items, `documents`: what each is about. `of`: the figure
 * from the mean; undefined for the mean itself. Without
 * `isResampled` there is no bootstrap, which takes long.
 */
export function spreadOf(
  parts: readonly Part[],
  documents: readonly (string | undefined)[],
  of?: (mean: number) => number,
  { isResampled = true } = {},
): Spread {
  if (parts.length < 2) return {}; // one item tells nothing about the spread
  const clusters = clustersOf([...parts.keys()], documents);
  const isClustered = clusters.length < parts.length;
  const figure = ([mean]: readonly number[]): number => (of ?? same)(mean!);
  const total = totalOf(parts, parts.keys());
  const mean = total.sum / total.weight;
  const error = jackknifeError([parts], clusters, ([one]) => one!);
  const { ends, method } = meanInterval(parts, clusters, mean, error);
  const [low, high] = ends.map(of ?? same).sort((a, b) => a - b);
  const stderr = of ? jackknifeError([parts], clusters, figure) : closedError(parts, clusters, error);
  const isKnown = Number.isFinite(low) && Number.isFinite(high);
  return {
    ...(isKnown && { low: low!, high: high!, method: methodText(method, isClustered) }),
    ...(Number.isFinite(stderr) && { stderr }),
    ...(isKnown && isResampled && { bootstrap: bootstrapInterval95([parts], clusters, figure) }),
    ...(isClustered && { clusters: clusters.length }),
  };
}

const same = (value: number): number => value;

export function methodText(method: string, isClustered: boolean): string {
  return isClustered ? `${method} over documents` : method;
}

/** Miller's or the plain standard error of a mean; of other figures what leaving out gives. */
export function closedError(parts: readonly Part[], clusters: Clusters, otherwise: number): number {
  if (parts.some(({ weight }) => weight !== 1)) return otherwise;
  const values = parts.map(({ sum }) => sum);
  if (clusters.length === parts.length) return standardError(values);
  const names = Array<number>(parts.length);
  for (const [name, cluster] of clusters.entries()) for (const place of cluster) names[place] = name;
  return clusteredStandardError(values, names);
}

/** Wilson's interval of a share; Student's t of any other mean. */
function meanInterval(
  parts: readonly Part[],
  clusters: Clusters,
  mean: number,
  error: number,
): { ends: readonly [number, number]; method: string } {
  const t = studentQuantile(0.05, degreesOf(clusters));
  if (isZeroOrOne(parts)) {
    if (clusters.length === parts.length)
      return { ends: wilsonInterval95(totalOf(parts, parts.keys()).sum, parts.length), method: "Wilson" };
    // As many independent items as would have this error; where all are right or all wrong, the documents.
    const items = error > 0 ? Math.min(parts.length, (mean * (1 - mean)) / error ** 2) : clusters.length;
    return { ends: wilsonWith(mean, items, t), method: "Wilson" };
  }
  // What no item is below or above, their mean is not.
  const least = parts.every(({ sum }) => sum >= 0) ? 0 : Number.NEGATIVE_INFINITY;
  const isShare = parts.every(({ sum, weight }) => weight === 1 && sum >= 0 && sum <= 1);
  const most = isShare ? 1 : Number.POSITIVE_INFINITY;
  const ends = [Math.max(least, mean - t * error), Math.min(most, mean + t * error)] as const;
  return { ends, method: "Student's t" };
}
