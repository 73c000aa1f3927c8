import { compare } from "../results/figures.ts";
import type { TaskResults, TaskSample } from "./task-results.ts";

/** Two models on the rows of a task that both have answered. */
export interface TaskComparison {
  task: string;
  metric: string;
  filter: string;
  baseline: string;
  model: string;
  /** model − baseline, of means over rows. */
  difference: number;
  /** 95 %, of rows drawn again for both models together. */
  low?: number;
  high?: number;
  n: number;
  verdict: "▲ better" | "▼ worse" | "= no difference";
}

interface Evaluated {
  label: string;
  results: TaskResults;
  samples: ReadonlyMap<string, readonly TaskSample[]>;
}

/**
 * Compares every other model with the first, in metrics that are a mean over rows. Tasks that were not asked
 * the same (another template or tokenizer makes other prompts) are compared by row all the same: the rows
 * are.
 */
export function compareTasks(models: readonly Evaluated[]): TaskComparison[] {
  const [first, ...others] = models;
  if (!first) return [];
  return others.flatMap((other) =>
    Object.values(first.results.tasks).flatMap(({ task, figures }) =>
      Object.values(figures).flatMap((figure) => {
        const { metric, filter, aggregation, higher_is_better } = figure;
        if (aggregation !== "mean") return [];
        const [before, after] = [first, other].map(({ samples }) =>
          valuesOf(samples.get(task) ?? [], metric, filter),
        );
        if (!before || !after) return [];
        const [found] = compare(before, after, {
          [metric]: { better: higher_is_better ? "higher" : "lower" },
        });
        if (!found) return [];
        const { difference, low, high, n } = found;
        const isClear = low !== undefined && high !== undefined && (low > 0 || high < 0);
        const verdict = !isClear
          ? "= no difference"
          : difference > 0 === higher_is_better
            ? "▲ better"
            : "▼ worse";
        const interval = { ...(low !== undefined && { low }), ...(high !== undefined && { high }) };
        const [baseline, model] = [first.label, other.label];
        return [
          { task, metric, filter, baseline, model, difference, ...interval, n, verdict } as TaskComparison,
        ];
      }),
    ),
  );
}

/** A score for each row, none for one that failed; undefined for a metric that rows have no number of. */
function valuesOf(samples: readonly TaskSample[], metric: string, filter: string) {
  const rows = samples.filter((sample) => sample.filter === filter);
  const values = rows.map(({ metrics, error }) => (error === undefined ? metrics[metric] : undefined));
  if (values.some((value) => value !== undefined && typeof value !== "number")) return undefined;
  return values.map((sum) => (typeof sum === "number" ? [{ slice: "", metric, sum, weight: 1 }] : []));
}
