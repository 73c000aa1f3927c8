import { regularizedBeta } from "./beta.ts";

/** Two-sided p of Student's t with so many degrees of freedom. */
export function studentP(t: number, degrees: number): number {
  if (Number.isNaN(t)) return Number.NaN;
  return Number.isFinite(t) ? regularizedBeta(degrees / (degrees + t * t), degrees / 2, 0.5) : 0;
}

/** The t that is exceeded on either side with probability `p` in all: for an interval of 95 %, p is 0.05. */
export function studentQuantile(p: number, degrees: number): number {
  let high = 1;
  while (studentP(high, degrees) > p) high *= 2;
  let low = 0;
  // Halving ends where no number lies between the two.
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (studentP(middle, degrees) > p) low = middle;
    else high = middle;
  }
}
