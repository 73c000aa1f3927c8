import type { Emit } from "../../contracts/events.ts";
import type { EvalSpec } from "../../contracts/recipe.ts";
import type { LoadedTasks } from "../../harness/files/load-tasks.ts";
import type { Benchmark } from "../benchmark.ts";

/** Tells what a recipe's evaluation will ask. Documents and rows are not read yet: counts are upper ones. */
export async function tellPlan(
  emit: Emit,
  { eval: spec, models }: { eval: EvalSpec; models: readonly { label: string }[] },
  benchmarks: readonly Benchmark[],
  { members }: LoadedTasks,
): Promise<void> {
  const { limit: first, sample } = spec.harness;
  const rows = first !== null && first >= 1 ? first : (sample ?? 0);
  const tasks = members.length === 0 ? [] : await taskNames(members);
  emit({
    type: "eval.plan",
    models: models.map(({ label }) => label),
    benchmarks: [
      ...spec.benchmarks.map(({ name, limit }, i) => ({
        name,
        items: limit ?? finite(benchmarks[i]!.defaultLimit),
      })),
      ...tasks.map((name) => ({ name, items: rows })),
    ],
  });
}

async function taskNames(members: LoadedTasks["members"]): Promise<string[]> {
  const { tasksOf } = await import("../../harness/files/load-tasks.ts");
  return [...new Set(members.flatMap(tasksOf).map(({ task }) => task))];
}

const finite = (items: number): number => (Number.isFinite(items) ? items : 0);
