import { meanOf, standardError } from "./standard-error.ts";
import { studentP, studentQuantile } from "./student-t.ts";

/** b against a on the same items. */
export interface PairedDifference {
  /** Mean of b − a. */
  difference: number;
  /** Of it, item by item: smaller than that of two independent means where items agree. */
  standardError: number;
  /** Items on which b is higher, lower, the same. */
  wins: number;
  losses: number;
  ties: number;
  /** Student's t with n − 1 degrees of freedom: NaN where all differences are the same. */
  p: number;
  interval95: readonly [number, number];
}

export function pairedDifference(a: readonly number[], b: readonly number[]): PairedDifference {
  const differences = a.map((value, i) => b[i]! - value);
  const difference = meanOf(differences);
  const error = standardError(differences);
  const degrees = a.length - 1;
  const half = error > 0 ? studentQuantile(0.05, degrees) * error : Number.NaN;
  return {
    difference,
    standardError: error,
    wins: differences.filter((value) => value > 0).length,
    losses: differences.filter((value) => value < 0).length,
    ties: differences.filter((value) => value === 0).length,
    p: error > 0 ? studentP(difference / error, degrees) : Number.NaN,
    interval95: [difference - half, difference + half],
  };
}
