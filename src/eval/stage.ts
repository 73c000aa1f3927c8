import { loadModel } from "../checkpoint/load-model.ts";
import { findModel } from "../checkpoint/model-folder.ts";
import { type StageContext, uncounted } from "../contracts/events.ts";
import type { EvalSpec } from "../contracts/recipe.ts";
import { evalPaths, runPaths } from "../contracts/run-folder.ts";
import { ConfigError, GateError } from "../errors.ts";
import { writeFileAtomic } from "../files.ts";
import { knownOptions } from "../recipe/named.ts";
import { loadTokenizer } from "../tokenizer/tokenizer.ts";
import { benchmarkProblems } from "./benchmark-problems.ts";
import { benchmarkCatalog } from "./benchmarks/index.ts";
import { lengthProfiles } from "./lengths/length-profile.ts";
import { hashModel } from "./model-hash.ts";
import { writeReport } from "./report/report.ts";
import { adjustHeadlines } from "./results/adjust.ts";
import type { Results } from "./results/results.ts";
import { tellPlan } from "./results/tell-plan.ts";
import { scorerCatalog } from "./scorers/index.ts";
import type { EvalStageSpec, Evaluation } from "./stage/evaluation.ts";
import { openBenchmarks } from "./stage/items.ts";
import { runBenchmark } from "./stage/run-benchmark.ts";
import { runTasks } from "./stage/run-tasks.ts";
import { readRecipeTasks } from "./tasks/recipe-tasks.ts";

/**
 * Asks every model the same questions about held-out documents. The documents are chosen by hashes of their
 * ids, not by the seed, so that runs with different seeds can be compared. Writes `eval/results.json` after
 * each benchmark, samples as they come, and `report.html`. After an interruption it continues after the last
 * finished item. Throws ConfigError for unknown benchmarks or options, DataError, CheckpointError, and
 * Stopped when asked to stop.
 */
export async function runEvalStage(ctx: StageContext, spec: EvalStageSpec): Promise<void> {
  refuseProblems(spec.eval);
  const startMs = performance.now();
  const models = [];
  for (const model of spec.models) models.push({ ...model, sha256: await hashModel(model) });
  const found: Results = {
    version: 1,
    models,
    settings: spec.eval,
    results: [],
    comparisons: [],
    counts: [],
  };
  const evaluation: Evaluation = {
    ctx,
    spec,
    found,
    benchmarks: await openBenchmarks(ctx, spec, found),
    taskFiles: await readRecipeTasks(spec.eval),
    prepared: new Map(),
    scored: new Map(),
    errors: new Map(),
    told: new Set(),
  };
  const { results: resultsPath } = evalPaths(runPaths(ctx.runDir).eval);
  await tellPlan(ctx.emit, spec, evaluation.benchmarks, evaluation.taskFiles);
  for (const { label, dir, base, chatTemplate } of spec.models) {
    ctx.emit({ type: "stage.progress", stage: "eval", label: `loading ${label}`, ...uncounted });
    const tokenizer = await loadTokenizer((await findModel(dir, base)).tokenizer, { chatTemplate });
    await using model = await loadModel(dir, { device: spec.eval.device, base });
    ctx.emit({ type: "device", stage: "eval", ...model.device });
    for (const i of spec.eval.benchmarks.keys()) {
      await runBenchmark(evaluation, i, { label, tokenizer, model });
      const profiles = lengthProfiles(found);
      if (profiles.length > 0) found.lengths = profiles;
      await writeFileAtomic(resultsPath, `${JSON.stringify(found, null, 2)}\n`);
    }
    await runTasks(evaluation, { label, tokenizer, model });
    await writeFileAtomic(resultsPath, `${JSON.stringify(found, null, 2)}\n`);
  }
  refuseAllFailed(evaluation);
  adjustHeadlines(found);
  await writeFileAtomic(resultsPath, `${JSON.stringify(found, null, 2)}\n`);
  await writeReport(ctx, found, performance.now() - startMs);
  const sum = (key: "items" | "shortened" | "failed") => found.counts.reduce((n, one) => n + one[key], 0);
  if (sum("failed") > 0) {
    const message = `${sum("failed")} items failed and are in no figure; eval/samples has their errors`;
    ctx.emit({ type: "warning", stage: "eval", message });
  }
  ctx.emit({
    type: "stage.end",
    stage: "eval",
    durationMs: performance.now() - startMs,
    summary: { items: sum("items"), shortened: sum("shortened"), failed: sum("failed") },
  });
}

function refuseProblems({ benchmarks }: EvalSpec): void {
  const problems = benchmarkProblems(benchmarks, knownOptions(benchmarkCatalog), Object.keys(scorerCatalog));
  if (problems.length === 0) return;
  throw new ConfigError(
    "recipe",
    problems.map(({ path, message }) => `${path.join(".")}: ${message}`),
  );
}

/** An evaluation that measured nothing of a model is not complete: the next one asks again. */
function refuseAllFailed({ found: { models, counts }, errors }: Evaluation): void {
  for (const { label } of models) {
    const asked = counts.filter(({ model, items }) => model === label && items > 0);
    if (asked.length === 0 || asked.some(({ items, failed }) => failed < items)) continue;
    const items = asked.reduce((sum, one) => sum + one.items, 0);
    throw new GateError(
      `eval: expected answers from ${label}, got an error for all of its ${items} items, first: ` +
        `${errors.get(label)} Every error is in eval/samples; nothing is kept as done.`,
    );
  }
}
