import { randomOf } from "../../random.ts";
import type { Clusters, Part } from "./clusters.ts";
import { totalOf } from "./jackknife.ts";

const resamples = 1000;

/**
 * The 2.5 and 97.5 percentiles of a figure (Efron 1979) where whole clusters are drawn again, the same for
 * every column. The same numbers give the same interval each time.
 */
export function bootstrapInterval95(
  columns: readonly (readonly Part[])[],
  clusters: Clusters,
  figure: (means: readonly number[]) => number,
): { low: number; high: number } {
  const random = randomOf(clusters.flat().length, "bootstrap");
  const totals = columns.map((parts) => clusters.map((cluster) => totalOf(parts, cluster)));
  const values = Array.from({ length: resamples }, () => {
    const pick = Int32Array.from(clusters, () => random.below(clusters.length));
    return figure(
      totals.map((own) => {
        const { sum, weight } = totalOf(own, pick);
        return sum / weight;
      }),
    );
  });
  const sorted = values.sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  return { low: at(0.025), high: at(0.975) };
}
