import type { Comparison } from "../../results/figures.ts";
import { compare } from "../../results/figures.ts";
import { holmAdjusted } from "../../statistics/holm.ts";
import { rowDocuments } from "./row-documents.ts";
import { isShown, rowMetrics, rowScores, taskAsking } from "./row-scores.ts";
import type { TaskResults, TaskSample } from "./task-results.ts";

/** Two models on the rows of a task that both have answered; `before` is the baseline's figure. */
export type TaskComparison = { task: string; baseline: string; model: string } & Comparison;

interface Evaluated {
  label: string;
  results: TaskResults;
  samples: ReadonlyMap<string, readonly TaskSample[]>;
}

/** Compares every other model with the first, row by row, in the figures that rows add up to. */
export function compareTasks(models: readonly Evaluated[]): TaskComparison[] {
  const [first, ...others] = models;
  if (!first) return [];
  const all = others.flatMap((other) =>
    Object.values(first.results.tasks).flatMap(({ task, figures }) => {
      const metrics = rowMetrics(figures);
      const [before, after] = [first, other].map(({ samples }) =>
        rowScores(metrics, samples.get(task) ?? []),
      );
      const rows = [...before!.keys()];
      const found = compare(
        rows.map((row) => before!.get(row) ?? []),
        rows.map((row) => after!.get(row) ?? []),
        taskAsking(metrics).metrics,
        rowDocuments(first.samples.get(task) ?? []),
      );
      return found
        .filter(({ metric }) => isShown(metric))
        .map((one): TaskComparison => ({ task, baseline: first.label, model: other.label, ...one }));
    }),
  );
  // Of each task the first figure counts as a comparison: the others are the same rows once more.
  const headlines = all.filter(
    (one, i) =>
      one.p !== undefined &&
      all.findIndex(({ task, model }) => task === one.task && model === one.model) === i,
  );
  const adjusted = holmAdjusted(headlines.map(({ p }) => p!));
  for (const [i, one] of headlines.entries()) one.p_holm = adjusted[i]!;
  return all;
}
