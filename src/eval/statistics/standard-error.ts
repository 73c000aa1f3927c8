/** The mean. NaN of nothing. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard error of the mean: sample standard deviation / √n. NaN of fewer than two values. */
export function standardError(values: readonly number[]): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return values.length < 2 ? Number.NaN : Math.sqrt(squares / (values.length - 1) / values.length);
}

/**
 * Standard error of the mean where values come in clusters (questions about one document) and so are not
 * independent: √Σ(sum of a cluster's residuals)² / n (Miller 2024, https://arxiv.org/abs/2411.00640), without
 * a correction for few clusters: 0 where there is only one.
 */
export function clusteredStandardError<K>(values: readonly number[], clusters: readonly K[]): number {
  const mean = meanOf(values);
  const residuals = new Map<K, number>();
  for (const [i, value] of values.entries()) {
    const cluster = clusters[i]!;
    residuals.set(cluster, (residuals.get(cluster) ?? 0) + value - mean);
  }
  // With one cluster the residuals add up to 0 but for rounding.
  if (residuals.size < 2) return values.length === 0 ? Number.NaN : 0;
  const squares = [...residuals.values()].reduce((sum, residual) => sum + residual ** 2, 0);
  return Math.sqrt(squares) / values.length;
}
