import type { BenchmarkSpec } from "../contracts/recipe.ts";
import { suggestion } from "../recipe/nearest.ts";
import type { Problem } from "../recipe/validate.ts";
import type { Benchmark, OptionKind } from "./benchmark.ts";

/** What of the benchmarks a recipe is held against. */
export type KnownBenchmarks = Readonly<Record<string, Pick<Benchmark, "options">>>;

/** All that is wrong with a recipe's benchmarks: unknown or repeated names, unknown options, wrong values. */
export function benchmarkProblems(specs: readonly BenchmarkSpec[], known: KnownBenchmarks): Problem[] {
  return specs.flatMap(({ name, options = {} }, i): Problem[] => {
    const path = ["eval", "benchmarks", i];
    if (!Object.hasOwn(known, name)) {
      const message = `unknown benchmark ${name}; ${suggestion(name, Object.keys(known))}`;
      return [{ path: [...path, "name"], message }];
    }
    if (specs.findIndex((one) => one.name === name) < i) {
      return [{ path: [...path, "name"], message: `expected each benchmark once, got ${name} again` }];
    }
    const kinds = known[name]!.options ?? {};
    return Object.entries(options).flatMap(([option, value]): Problem[] => {
      const at = [...path, "options", option];
      const kind = Object.hasOwn(kinds, option) ? kinds[option] : undefined;
      if (kind === undefined) {
        const known = suggestion(option, Object.keys(kinds));
        return [{ path: at, message: `unknown option ${option}; ${known}` }];
      }
      if (fits(kind, value)) return [];
      return [{ path: at, message: `expected ${describe(kind)}, got ${JSON.stringify(value)}` }];
    });
  });
}

const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 1;

function fits(kind: OptionKind, value: unknown): boolean {
  if (kind === "count") return isCount(value);
  if (kind === "counts") return Array.isArray(value) && value.length > 0 && value.every(isCount);
  return kind.some((word) => word === value);
}

function describe(kind: OptionKind): string {
  if (kind === "count") return "a whole number from 1";
  if (kind === "counts") return "a list of whole numbers from 1";
  return kind.join(" or ");
}
