import { cutsBySlice } from "../results/cuts.ts";
import { tellFigures } from "../results/tell-figures.ts";
import { metricName } from "../tasks/results/row-scores.ts";
import { askingOf, askRecipeTasks } from "../tasks/stage-tasks.ts";
import { type EvaluatedModel, type Evaluation, scoresOf } from "./evaluation.ts";

/** Asks what the recipe's task files ask, after its benchmarks. */
export async function runTasks(evaluation: Evaluation, candidate: EvaluatedModel): Promise<void> {
  const { ctx, spec, found, taskFiles } = evaluation;
  if (taskFiles.members.length === 0) return;
  const { label } = candidate;
  for (const { task, scores, documents, cut, others, n } of await askRecipeTasks(
    ctx,
    spec.eval,
    taskFiles,
    candidate,
    found,
  )) {
    const byModel = scoresOf(evaluation, `task ${task}`).set(label, scores);
    const asking = { name: task, ...askingOf(found, task) };
    tellFigures(ctx, found, asking, label, byModel, { documents, cut });
    const whole = cutsBySlice(scores, cut).get("");
    for (const { higher_is_better, value, ...figure } of others) {
      const better = higher_is_better ? "higher" : "lower";
      const result = {
        model: label,
        benchmark: task,
        slice: "",
        metric: metricName(figure),
        better,
        value,
        n,
        ...(whole && { cut: whole }),
      } as const;
      found.results.push(result);
      ctx.emit({ type: "eval.result", ...result });
    }
  }
}
