import { type Asking, type Benchmark, rising } from "../benchmark.ts";
import { benchmarkCatalog } from "../benchmarks/index.ts";
import type { OwnSet, Results } from "../results/results.ts";
import { taskAsking } from "../tasks/results/row-scores.ts";

/** How a benchmark of the results was asked: one of the catalog, a test set of one's own, or a task file. */
export function knownBenchmark(
  { own, tasks }: Pick<Results, "own" | "tasks">,
  name: string,
): Asking | undefined {
  if (tasks && Object.hasOwn(tasks, name)) return taskAsking(tasks[name]!.metrics);
  const set = own && Object.hasOwn(own, name) ? own[name] : undefined;
  if (set) return ownAsking(set);
  return Object.hasOwn(benchmarkCatalog, name)
    ? (benchmarkCatalog[name as keyof typeof benchmarkCatalog] as Benchmark)
    : undefined;
}

/** Names of metrics as people know them, where that is not the metric's own. */
const shownNames: Readonly<Record<string, string>> = {
  exact_match: "exact match",
  f1: "F1",
  rouge1: "ROUGE-1",
  rouge2: "ROUGE-2",
  rougeL: "ROUGE-L",
  rougeLsum: "ROUGE-Lsum",
};

export function ownAsking({ metrics }: Pick<OwnSet, "metrics">): Asking {
  const [metric = ""] = metrics;
  return {
    defaultLimit: Number.POSITIVE_INFINITY,
    headline: { metric, name: shownNames[metric] ?? metric },
    metrics: rising(...metrics),
  };
}
