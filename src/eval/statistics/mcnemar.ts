import { logGamma } from "./beta.ts";

/**
 * McNemar's exact p of two models on the same right-or-wrong items: how probable so uneven a number of wins
 * and losses is, or one more so, if each were a toss of a coin (two-sided binomial). Ties say nothing; 1
 * without wins and losses.
 */
export function mcnemarP(wins: number, losses: number): number {
  const tosses = wins + losses;
  const fewer = Math.min(wins, losses);
  if (fewer * 2 === tosses) return 1;
  let tail = 0;
  for (let k = 0; k <= fewer; k++) {
    const logChoices = logGamma(tosses + 1) - logGamma(k + 1) - logGamma(tosses - k + 1);
    tail += Math.exp(logChoices - tosses * Math.LN2);
  }
  return Math.min(1, 2 * tail);
}
