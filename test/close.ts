import { expect } from "vitest";

/** Numbers, in lists or by name, to any depth: a tensor's values, the values of several tensors. */
export type Numbers = number | ArrayLike<number> | readonly Numbers[] | { readonly [name: string]: Numbers };

/** How far apart two numbers may be. What is left out is 0. */
export interface Bounds {
  /** Of each number: |actual − expected| ≤ atol + rtol · |expected|. */
  atol?: number;
  rtol?: number;
  /** Of all together: ‖actual − expected‖ ≤ norm · ‖expected‖, in place of the bounds of each. */
  norm?: number;
}

interface Pair {
  path: string;
  actual: number;
  expected: number;
}

declare module "vitest" {
  interface Matchers<T> {
    /**
     * The same numbers in the same shape, within bounds as NumPy's `allclose` has them. NaN is close to nothing, an
     * infinity to itself only.
     */
    toBeAllClose(expected: Numbers, bounds: Bounds): T extends Promise<unknown> ? never : void;
  }
}

expect.extend({
  toBeAllClose(actual: Numbers, expected: Numbers, bounds: Bounds) {
    const pairs: Pair[] = [];
    const misfit = collect(actual, expected, "", pairs);
    if (misfit) return { pass: false, message: () => misfit };
    const { error, pass, worst } = "norm" in bounds ? inNorm(pairs, bounds.norm!) : each(pairs, bounds);
    return {
      pass,
      message: () =>
        `expected ${this.isNot ? "not all" : "all"} within ${JSON.stringify(bounds)}, got an error of ${error}, ` +
        `the worst${worst.path && ` at ${worst.path}`}: expected ${worst.expected}, got ${worst.actual}`,
    };
  },
});

/** Adds pairs of numbers with where they stand, or says where the shapes differ. */
function collect(actual: Numbers, expected: Numbers, path: string, pairs: Pair[]): string | undefined {
  if (typeof expected === "number" && typeof actual === "number") {
    pairs.push({ path, actual, expected });
    return undefined;
  }
  const [got, wanted] = [shapeOf(actual), shapeOf(expected)];
  if (got !== wanted) return `expected ${wanted}${path && ` at ${path}`}, got ${got}`;
  const [one, other] = [actual, expected] as Record<string, Numbers>[];
  for (const key of Object.keys(expected)) {
    const misfit = collect(one![key]!, other![key]!, `${path}[${key}]`, pairs);
    if (misfit) return misfit;
  }
  return undefined;
}

function shapeOf(numbers: Numbers): string {
  if (typeof numbers === "number") return "a number";
  if (typeof numbers !== "object" || numbers === null) return `${numbers}`;
  return "length" in numbers ? `${numbers.length} elements` : Object.keys(numbers).sort().join(", ");
}

const errorOf = ({ actual, expected }: Pair): number =>
  Object.is(actual, expected) && !Number.isNaN(actual) ? 0 : Math.abs(actual - expected);

function each(pairs: readonly Pair[], { atol = 0, rtol = 0 }: Bounds) {
  let worst: Pair = { path: "", actual: 0, expected: 0 };
  let most = Number.NEGATIVE_INFINITY;
  for (const pair of pairs) {
    const error = errorOf(pair);
    if (error === 0) continue;
    const past = error - (atol + rtol * Math.abs(pair.expected));
    // NaN, and what is near an infinity but for a bound that is infinite too.
    const excess = Number.isNaN(past) ? Number.POSITIVE_INFINITY : past;
    if (excess > most) [most, worst] = [excess, pair];
  }
  return { error: errorOf(worst), pass: most <= 0, worst };
}

function inNorm(pairs: readonly Pair[], norm: number) {
  let worst: Pair = { path: "", actual: 0, expected: 0 };
  let [difference, size] = [0, 0];
  for (const pair of pairs) {
    difference += errorOf(pair) ** 2;
    size += pair.expected ** 2;
    if (!(errorOf(pair) <= errorOf(worst))) worst = pair;
  }
  const error = Number.isFinite(size) ? Math.sqrt(difference / (size || 1)) : Number.NaN;
  return { error, pass: error <= norm, worst };
}
