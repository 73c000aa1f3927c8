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
  actual: number;
  expected: number;
  /** What the pair lies in, and where in it; absent: nothing. */
  path?: string;
  key?: string | number;
}

declare module "vitest" {
  interface Matchers<T> {
    /**
     * The same numbers in the same shape, within bounds as NumPy's `allclose` has them. NaN is close to
     * nothing, an infinity to itself only.
     */
    toBeAllClose(expected: Numbers, bounds: Bounds): T extends Promise<unknown> ? never : void;
  }
}

expect.extend({
  toBeAllClose(actual: Numbers, expected: Numbers, bounds: Bounds) {
    const pairs: Pair[] = [];
    const misfit = collect({ actual, expected }, pairs);
    // Other shapes are a mistake of the test, whether it expects numbers to be close or not.
    if (misfit) return { pass: Boolean(this.isNot), message: () => misfit };
    const { error, pass, worst } =
      bounds.norm === undefined ? each(pairs, bounds) : inNorm(pairs, bounds.norm);
    return {
      pass,
      message: () =>
        `expected ${this.isNot ? "not all" : "all"} within ${JSON.stringify(bounds)}, ` +
        `got an error of ${error}${worst ? `, the worst${placeOf(worst)}: ${shown(worst)}` : ""}`,
    };
  },
});

const placeOf = ({ path, key }: Pair): string => (key === undefined ? "" : ` at ${path}[${key}]`);
const shown = ({ actual, expected }: Pair): string => `expected ${expected}, got ${actual}`;

/** Adds pairs of numbers with where they stand, or says where the shapes differ. */
function collect(
  {
    actual,
    expected,
    path = "",
    key,
  }: Omit<Pair, "actual" | "expected"> & Record<"actual" | "expected", Numbers>,
  pairs: Pair[],
): string | undefined {
  if (typeof actual === "number" && typeof expected === "number") {
    pairs.push(key === undefined ? { actual, expected } : { actual, expected, path, key });
    return undefined;
  }
  const own = key === undefined ? "" : `${path}[${key}]`;
  const [got, wanted] = [shapeOf(actual), shapeOf(expected)];
  if (got !== wanted) return `expected ${wanted}${own && ` at ${own}`}, got ${got}`;
  const [one, other] = [actual, expected] as Record<string | number, Numbers>[];
  for (const key of keysOf(expected)) {
    const misfit = collect({ actual: one![key]!, expected: other![key]!, path: own, key }, pairs);
    if (misfit) return misfit;
  }
  return undefined;
}

function shapeOf(numbers: Numbers): string {
  if (typeof numbers === "number") return "a number";
  if (typeof numbers !== "object" || numbers === null) return `${numbers}`;
  return "length" in numbers ? `${numbers.length} elements` : Object.keys(numbers).sort().join(", ");
}

const keysOf = (numbers: Numbers): Iterable<string | number> =>
  typeof numbers === "object" && "length" in numbers ? Array(numbers.length).keys() : Object.keys(numbers);

/** NaN where either is NaN, 0 between an infinity and itself. */
const errorOf = ({ actual, expected }: Pair): number =>
  actual === expected ? 0 : Math.abs(actual - expected);

/** NaN is the largest error there is. */
const orInfinite = (error: number): number => (Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);

function each(pairs: readonly Pair[], { atol = 0, rtol = 0 }: Bounds) {
  let worst: Pair | undefined;
  let most = Number.NEGATIVE_INFINITY;
  for (const pair of pairs) {
    const error = errorOf(pair);
    if (error === 0) continue;
    // NaN also for what should be infinite and is not, since infinitely wide bounds let nothing be told.
    const excess = orInfinite(error - (atol + rtol * Math.abs(pair.expected)));
    if (excess > most) [most, worst] = [excess, pair];
  }
  return { error: worst ? errorOf(worst) : 0, pass: most <= 0, worst };
}

function inNorm(pairs: readonly Pair[], norm: number) {
  let worst: Pair | undefined;
  let [difference, size, most] = [0, 0, 0];
  for (const pair of pairs) {
    const error = errorOf(pair);
    difference += error ** 2;
    size += pair.expected ** 2;
    if (orInfinite(error) > most) [most, worst] = [orInfinite(error), pair];
  }
  const error = Number.isFinite(size) ? Math.sqrt(difference / (size || 1)) : Number.NaN;
  return { error, pass: error <= norm, worst };
}
