import type { BenchmarkSpec } from "../recipe/recipe.ts";
import type { Benchmark, OptionKind } from "./benchmark.ts";
import { catalog } from "./benchmarks/index.ts";

/** All that is wrong with a recipe's benchmarks: unknown or repeated names, unknown options, wrong values. */
export function benchmarkProblems(specs: readonly BenchmarkSpec[]): string[] {
  return specs.flatMap(({ name, options = {} }, i) => {
    const where = `eval.benchmarks.${i}`;
    if (!Object.hasOwn(catalog, name)) {
      return [
        `${where}.name: expected one of ${Object.keys(catalog).join(", ")}, got ${JSON.stringify(name)}`,
      ];
    }
    if (specs.findIndex((one) => one.name === name) < i) {
      return [`${where}.name: expected each benchmark once, got ${JSON.stringify(name)} again`];
    }
    const kinds = (catalog[name as keyof typeof catalog] as Benchmark).options ?? {};
    return Object.entries(options).flatMap(([option, value]) => {
      const kind = Object.hasOwn(kinds, option) ? kinds[option] : undefined;
      if (kind === undefined) {
        const known = Object.keys(kinds).join(", ") || "none";
        return [`${where}.options: expected ${known}, got ${JSON.stringify(option)}`];
      }
      if (fits(kind, value)) return [];
      return [`${where}.options.${option}: expected ${describe(kind)}, got ${JSON.stringify(value)}`];
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
