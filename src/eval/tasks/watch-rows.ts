import type { Emit } from "../../contracts/events.ts";
import { createRunning, type Running } from "../results/running.ts";
import type { SampleLine } from "../results/samples.ts";
import { tellSample } from "../results/tell-sample.ts";
import type { EvaluationIo } from "./evaluate-tasks.ts";
import { taskAsking } from "./results/row-scores.ts";
import { sampleLines } from "./results/sample-lines.ts";

export interface WatchOptions {
  emit: Emit;
  /** The model's label. */
  label: string;
  /** Told of every row with its line, to log it. */
  onLine?(task: Parameters<NonNullable<EvaluationIo["onRow"]>>[0], line: SampleLine): void;
}

/** Tells of the rows of task files as they are answered: what `evaluateTasks` calls for each. */
export function watchRows({ emit, label, onLine }: WatchOptions): {
  onRow: NonNullable<EvaluationIo["onRow"]>;
  /** The last counts of a task. */
  tellTask(task: string): void;
} {
  const running = new Map<string, Running>();
  return {
    onRow(task, { samples, metrics, isKnown }) {
      const [line] = sampleLines(samples, metrics);
      let one = running.get(task.name);
      if (!one) {
        one = createRunning({ emit, model: label, benchmark: task.name, total: task.rows });
        running.set(task.name, one);
      }
      one.add(line!, isKnown, metrics.length > 0 ? taskAsking(metrics) : undefined);
      tellSample(emit, line!, task.name, label);
      onLine?.(task, line!);
    },
    tellTask: (task) => running.get(task)?.tell(),
  };
}
