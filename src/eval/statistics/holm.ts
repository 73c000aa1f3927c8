/**
 * Holm's (1979) adjusted p of several comparisons, in their order: with those below 0.05 called differences,
 * the probability that any of them is none is at most 5 %, however the comparisons depend on each other. Of
 * one comparison it is p itself.
 */
export function holmAdjusted(ps: readonly number[]): number[] {
  const order = ps.map((p, i) => ({ p, i })).sort((a, b) => a.p - b.p);
  const adjusted = Array<number>(ps.length).fill(Number.NaN);
  let most = 0;
  for (const [rank, { p, i }] of order.entries()) {
    most = Math.max(most, Math.min(1, (ps.length - rank) * p));
    adjusted[i] = most;
  }
  return adjusted;
}
