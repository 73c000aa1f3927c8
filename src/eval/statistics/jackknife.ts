import type { Clusters, Part } from "./clusters.ts";

/**
 * Standard error of a figure by leaving out one cluster at a time: √((G − 1)/G · Σ(figure without it −
 * figure)²). Of a mean over single items that is the sample's standard deviation / √n to the bit of rounding;
 * over clusters it is √(G/(G − 1)) times Miller's where they have the same size, and larger where they do
 * not, which is what keeps intervals over few documents honest. `columns`: the same items' parts, a column
 * for each model; `figure` takes the mean of each. NaN where that is not defined without one of the clusters.
 */
export function jackknifeError(
  columns: readonly (readonly Part[])[],
  clusters: Clusters,
  figure: (means: readonly number[]) => number,
): number {
  const totals = columns.map((parts) => totalOf(parts, clusters.flat()));
  const whole = figure(totals.map(({ sum, weight }) => sum / weight));
  let squares = 0;
  for (const cluster of clusters) {
    const means = columns.map((parts, i) => {
      const own = totalOf(parts, cluster);
      return (totals[i]!.sum - own.sum) / (totals[i]!.weight - own.weight);
    });
    squares += (figure(means) - whole) ** 2;
  }
  return Math.sqrt(((clusters.length - 1) / clusters.length) * squares);
}

/** Σ of sums and of weights over some of the items. */
export function totalOf(parts: readonly Part[], places: Iterable<number>): Part {
  let [sum, weight] = [0, 0];
  for (const place of places) {
    sum += parts[place]!.sum;
    weight += parts[place]!.weight;
  }
  return { sum, weight };
}
