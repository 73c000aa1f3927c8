import type { BenchmarkSpec } from "../contracts/recipe.ts";
import { type KnownOptions, namedAt, namedProblems } from "../recipe/named.ts";
import type { Problem } from "../recipe/validate.ts";

/** All that is wrong with a recipe's benchmarks: unknown or repeated names, unknown options, wrong values. */
export function benchmarkProblems(specs: readonly BenchmarkSpec[], known: KnownOptions): Problem[] {
  return specs.flatMap((spec, i): Problem[] => {
    const path = ["eval", "benchmarks", i];
    const { name } = spec;
    if (Object.hasOwn(known, name) && specs.findIndex((one) => one.name === name) < i)
      return [{ path: [...path, "name"], message: `expected each benchmark once, got ${name} again` }];
    return namedProblems(namedAt("benchmark", spec, path), known);
  });
}
