import { namePattern } from "../contracts/recipe/named.ts";
import type { BenchmarkSpec } from "../contracts/recipe.ts";
import { type KnownOptions, namedAt, namedProblems } from "../recipe/named.ts";
import { suggestion } from "../recipe/nearest.ts";
import type { Problem } from "../recipe/validate.ts";

/** Keys that a test set of one's own has, and no benchmark of the catalog. */
const ownKeys = ["metrics", "max_new_tokens", "split", "format", "fields"] as const;

/**
 * All that is wrong with a recipe's benchmarks: unknown or repeated names, unknown options, scorers, wrong
 * values. Whether the files of test sets are there is not looked at.
 */
export function benchmarkProblems(
  specs: readonly BenchmarkSpec[],
  known: KnownOptions,
  scorers: readonly string[],
): Problem[] {
  return specs.flatMap((spec, i): Problem[] => {
    const path = ["eval", "benchmarks", i];
    const { name } = spec;
    const isKnown = Object.hasOwn(known, name) || spec.path !== undefined;
    if (isKnown && specs.findIndex((one) => one.name === name) < i)
      return [{ path: [...path, "name"], message: `expected each benchmark once, got ${name} again` }];
    if (spec.path !== undefined) return ownProblems(spec, path, known, scorers);
    return [
      ...namedProblems(namedAt("benchmark", spec, path), known),
      ...ownKeys
        .filter((key) => spec[key] !== undefined)
        .map((key) => ({
          path: [...path, key],
          message: `expected ${key} beside path only, for a test set of your own`,
        })),
    ];
  });
}

function ownProblems(
  { name, metrics = [], format, fields }: BenchmarkSpec,
  path: Problem["path"],
  known: KnownOptions,
  scorers: readonly string[],
): Problem[] {
  const problems: Problem[] = [];
  if (Object.hasOwn(known, name)) {
    const message = `expected a name that no benchmark of the catalog has, got ${name} beside path`;
    problems.push({ path: [...path, "name"], message });
  } else if (!new RegExp(namePattern).test(name)) {
    const message = `expected a name of letters, digits, ".", "_" and "-", got ${JSON.stringify(name)}`;
    problems.push({ path: [...path, "name"], message });
  }
  for (const [k, metric] of metrics.entries()) {
    if (scorers.includes(metric)) continue;
    const message = `unknown metric ${metric}; ${suggestion(metric, scorers)}`;
    problems.push({ path: [...path, "metrics", k], message });
  }
  if (fields !== undefined && format !== undefined) {
    const message = "expected fields or format, got both: fields say the form already";
    problems.push({ path: [...path, "format"], message });
  }
  return problems;
}
