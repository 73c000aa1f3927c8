import { type StageContext, uncounted } from "../../contracts/events.ts";
import type { EvalSpec } from "../../contracts/recipe.ts";
import { evalPaths, runPaths } from "../../contracts/run-folder.ts";
import type { LoadedTasks } from "../../harness/files/load-tasks.ts";
import { fromJs } from "../../jinja/values/from-js.ts";
import type { ZebraModel } from "../../model/api.ts";
import type { Tokenizer } from "../../tokenizer/tokenizer.ts";
import type { Score } from "../benchmark.ts";
import { localRespondent } from "../respondents/local.ts";
import { addToPlan } from "../results/plan-file.ts";
import type { Results } from "../results/results.ts";
import { openSamples, type SampleLog, samplesPath, writeSamples } from "../results/samples.ts";
import { evaluateTasks, type TaskSettings } from "./evaluate-tasks.ts";
import { rowDocuments } from "./results/row-documents.ts";
import { metricName, rowMetrics, rowScores, taskAsking } from "./results/row-scores.ts";
import { cutTokens, sampleLines } from "./results/sample-lines.ts";
import type { TaskFigure } from "./results/task-results.ts";
import { watchRows } from "./watch-rows.ts";

/** What one model was asked of one task: ready for figures, and for a comparison with another's. */
export interface AskedTask {
  task: string;
  /** Scores of every row (none of a failed one), in the order of the rows. */
  scores: Score[][];
  /** Tokens cut of each row's prompts. */
  cut: number[];
  /** What each row is about. */
  documents: (string | undefined)[];
  /** Figures that rows do not add up to; they have no interval. */
  others: TaskFigure[];
  n: number;
}

/**
 * Asks a model what the task files ask. Adds to the results how each task was asked and its counts; samples
 * are logged as those of benchmarks. Throws DataError and Stopped.
 */
export async function askRecipeTasks(
  ctx: StageContext,
  spec: EvalSpec,
  { members, warnings }: LoadedTasks,
  { label, model, tokenizer }: { label: string; model: ZebraModel; tokenizer: Tokenizer },
  found: Results,
): Promise<AskedTask[]> {
  const { sha256 } = found.models.find((one) => one.label === label)!;
  const warn = (message: string) => ctx.emit({ type: "warning", stage: "eval", message });
  const maxLength = Math.min(spec.max_seq_tokens, model.config.max_position_embeddings);
  await using respondent = await localRespondent({ model, tokenizer, sha256, maxLength, note: warn });
  const evalDir = runPaths(ctx.runDir).eval;
  // Samples are logged as they come, one after the other, so that they can be looked at meanwhile.
  const logs = new Map<string, Promise<SampleLog>>();
  const rows = watchRows({
    emit: ctx.emit,
    label,
    onLine: ({ name, promptsSha256 }, line) => {
      const log = logs.get(name) ?? openSamples(evalDir, label, name, promptsSha256 + sha256);
      const added = log.then(async (one) => {
        if (!one.done.has(line.id)) await one.add(line);
        return one;
      });
      // A full disk is told where it is waited for.
      added.catch(() => {});
      logs.set(name, added);
    },
  });
  const asked: AskedTask[] = [];
  const results = await evaluateTasks(respondent, members, {
    settings: settingsOf(spec.harness),
    warnings,
    cacheDir: evalPaths(evalDir).answers,
    stop: ctx.stop,
    progress: (task, done, total) =>
      ctx.emit({ type: "stage.progress", stage: "eval", label: `${task} ${label}`, ...counted(done, total) }),
    onPrepared: async (tasks) => {
      const benchmarks = tasks.map(({ name, rows: items }) => ({ name, items }));
      ctx.emit({ type: "eval.plan", models: found.models.map((one) => one.label), benchmarks });
      await addToPlan(
        evalPaths(evalDir).plan,
        Object.fromEntries(tasks.map((task) => [task.name, task.rows])),
      );
    },
    onRow: rows.onRow,
    onTask: async (result, samples) => {
      rows.tellTask(result.task);
      await logs.get(result.task);
      logs.delete(result.task);
      const { task, figures, n_samples, tokens } = result;
      const metrics = rowMetrics(figures);
      const { file, version, num_fewshot } = result;
      found.tasks = { ...found.tasks, [task]: { file, version, num_fewshot, metrics } };
      const scores = rowScores(metrics, samples);
      const cutOf = new Map(samples.map(({ doc_id, tokens }) => [doc_id, cutTokens(tokens)]));
      const shown = new Set(metrics.map(({ name }) => name));
      asked.push({
        task,
        scores: [...scores.values()],
        cut: [...scores.keys()].map((row) => cutOf.get(row) ?? 0),
        documents: rowDocuments(samples),
        others: Object.values(figures).filter((figure) => !shown.has(metricName(figure))),
        n: n_samples.effective - n_samples.failed,
      });
      found.counts.push({
        model: label,
        benchmark: task,
        items: n_samples.effective,
        shortened: tokens.cutRows,
        tokens_cut: tokens.cut,
        failed: n_samples.failed,
        skipped: {},
      });
      // In the order of the rows, and with what only all of them together show.
      const key = result.prompts_sha256 + sha256;
      await writeSamples(samplesPath(evalDir, label, task), key, sampleLines(samples, metrics));
    },
  });
  for (const warning of results.warnings) warn(warning);
  found.groups = { ...found.groups, [label]: results.groups };
  return asked;
}

/** Asking of a task in the results, to make figures of its rows' scores. */
export function askingOf(found: Results, task: string) {
  return taskAsking(found.tasks![task]!.metrics);
}

function counted(done: number, total: number) {
  return total === 0 ? uncounted : { done, total, unit: "requests" };
}

function settingsOf(harness: EvalSpec["harness"]): TaskSettings {
  const { num_fewshot, fewshot_seed, limit, sample, system_instruction, gen_kwargs } = harness;
  return {
    fewshotSeed: fewshot_seed,
    ...(num_fewshot !== null && { numFewshot: num_fewshot }),
    ...(limit !== null && { limit }),
    ...(sample !== null && { sample }),
    ...(system_instruction !== undefined && { systemInstruction: system_instruction }),
    ...(harness.apply_chat_template && { chat: { asMultiturn: harness.fewshot_as_multiturn } }),
    ...(gen_kwargs && {
      genKwargs: Object.fromEntries(Object.entries(gen_kwargs).map(([key, value]) => [key, fromJs(value)])),
    }),
  };
}
