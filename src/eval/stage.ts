import { loadModel } from "../checkpoint/load-model.ts";
import { findModel } from "../checkpoint/model-folder.ts";
import { type StageContext, uncounted } from "../contracts/events.ts";
import type { EvalSpec } from "../contracts/recipe.ts";
import { evalPaths, runPaths } from "../contracts/run-folder.ts";
import { ConfigError, GateError } from "../errors.ts";
import { writeFileAtomic } from "../files.ts";
import type { LoadedTasks } from "../harness/files/load-tasks.ts";
import type { ZebraModel } from "../model/api.ts";
import { sha256Of } from "../recipe/hash.ts";
import { knownOptions } from "../recipe/named.ts";
import { stopIdsOf } from "../tokenizer/ends/stop-ids.ts";
import { loadTokenizer, type Tokenizer } from "../tokenizer/tokenizer.ts";
import { askAll } from "./asking/ask.ts";
import { tooLongReason } from "./asking/items-of.ts";
import type { Benchmark, Prepared, Score } from "./benchmark.ts";
import { benchmarkProblems } from "./benchmark-problems.ts";
import { benchmarkCatalog } from "./benchmarks/index.ts";
import type { DocumentChange } from "./controls/change-document.ts";
import { runControls } from "./controls/run-controls.ts";
import { lengthProfiles } from "./lengths/length-profile.ts";
import { hashModel, hashTokenizer } from "./model-hash.ts";
import { openOwn } from "./own/own-benchmark.ts";
import { writeReport } from "./report/report.ts";
import { adjustHeadlines } from "./results/adjust.ts";
import { cutsBySlice } from "./results/cuts.ts";
import { keepOutcome } from "./results/outcome.ts";
import { addToPlan } from "./results/plan-file.ts";
import type { Results } from "./results/results.ts";
import { createRunning } from "./results/running.ts";
import { openSamples } from "./results/samples.ts";
import { tellFigures } from "./results/tell-figures.ts";
import { tellPlan } from "./results/tell-plan.ts";
import { scorerCatalog } from "./scorers/index.ts";
import { readRecipeTasks } from "./tasks/recipe-tasks.ts";
import { metricName } from "./tasks/results/row-scores.ts";
import { askingOf, askRecipeTasks } from "./tasks/stage-tasks.ts";

export interface EvalStageSpec {
  eval: EvalSpec;
  /** The others are compared with the first. */
  models: { label: string; dir: string; base?: string; chatTemplate?: string }[];
  /** The data folder; the questions are about the examples of its test split. */
  dataDir: string;
}

/** An evaluation that is running: what was asked for, and the results so far. */
interface Evaluation {
  ctx: StageContext;
  spec: EvalStageSpec;
  found: Results;
  /** In the order of the recipe. */
  benchmarks: Benchmark[];
  taskFiles: LoadedTasks;
  /**
   * Items by benchmark and tokenizer: models with the same tokenizer get exactly the same items, made once.
   */
  prepared: Map<string, Prepared>;
  /**
   * Scores of every item (none for a failed one), by the benchmark's place in the recipe or the task's name,
   * then by model.
   */
  scored: Map<string, Map<string, readonly (readonly Score[])[]>>;
  /** The first error of each model's items. */
  errors: Map<string, string>;
  /** Warnings that were given. */
  told: Set<string>;
}

/** A model that is being evaluated. */
interface EvaluatedModel {
  label: string;
  tokenizer: Tokenizer;
  model: ZebraModel;
}

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

/** The benchmarks of the recipe. What test sets of one's own have is added to the results. */
async function openBenchmarks(
  ctx: StageContext,
  { eval: { benchmarks }, dataDir }: EvalStageSpec,
  found: Results,
): Promise<Benchmark[]> {
  const opened: Benchmark[] = [];
  for (const [i, { path, ...rest }] of benchmarks.entries()) {
    if (path === undefined) {
      opened.push(benchmarkCatalog[rest.name as keyof typeof benchmarkCatalog]);
      continue;
    }
    ctx.emit({ type: "stage.progress", stage: "eval", label: `reading ${rest.name}`, ...uncounted });
    const { benchmark, set } = await openOwn(ctx, { ...rest, path }, i, dataDir);
    found.own = { ...found.own, [rest.name]: set };
    opened.push(benchmark);
  }
  return opened;
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

async function runBenchmark(evaluation: Evaluation, index: number, candidate: EvaluatedModel): Promise<void> {
  const { ctx, spec, found, scored } = evaluation;
  const { label, model, tokenizer } = candidate;
  const benchmarkSpec = spec.eval.benchmarks[index]!;
  const { name } = benchmarkSpec;
  const { items, skipped, how, source, outcome } = await itemsFor(evaluation, index, tokenizer);
  if (source) found.sources = { ...found.sources, [name]: source };
  const { sha256 } = found.models.find((one) => one.label === label)!;
  const { max_seq_tokens } = spec.eval;
  const stop_ids = await stopIdsOf(model.ends, tokenizer);
  // A test set of one's own may have other rows or metrics than when it was asked.
  const own = found.own?.[name];
  const key = sha256Of({
    weights: sha256,
    spec: benchmarkSpec,
    max_seq_tokens,
    stop_ids,
    ...(own && { own }),
  });
  const log = await openSamples(runPaths(ctx.runDir).eval, label, name, key);
  await addToPlan(evalPaths(runPaths(ctx.runDir).eval).plan, { [name]: items.length });
  const about = { emit: ctx.emit, model: label, benchmark: name, total: items.length };
  const running = createRunning({ ...about, asking: evaluation.benchmarks[index]! });
  const lines = await askAll(ctx, model, items, log, { benchmark: name, label, running });
  scoresOf(evaluation, `${index}`).set(
    label,
    lines.map((line) => ("error" in line ? [] : line.scores)),
  );
  const cut = items.map(({ tokensCut = 0 }) => tokensCut);
  const failed = lines.find((line) => "error" in line);
  if (failed && "error" in failed && !evaluation.errors.has(label))
    evaluation.errors.set(label, failed.error);
  found.counts.push({
    model: label,
    benchmark: name,
    items: items.length,
    shortened: items.filter(({ isShortened }) => isShortened).length,
    tokens_cut: cut.reduce((sum, tokens) => sum + tokens, 0),
    failed: lines.filter((line) => "error" in line).length,
    skipped,
    ...(how !== undefined && { how }),
  });
  const documents = items.map(({ document }) => document);
  const asking = { name, ...evaluation.benchmarks[index]! };
  tellFigures(ctx, found, asking, label, scored.get(`${index}`)!, { documents, cut });
  const controls = await runControls(ctx, spec.eval.controls, {
    ...{ name, asking, items, lines, label, model, key, dataDir: spec.dataDir },
    ...(asking.isControlled && { changed: (change) => makeItems(evaluation, index, tokenizer, change) }),
  });
  if (controls.length > 0) found.controls = [...(found.controls ?? []), ...controls];
  if (outcome)
    await keepOutcome(runPaths(ctx.runDir).eval, found, { benchmark: name, label }, lines, outcome);
}

/** Asks what the recipe's task files ask, after its benchmarks. */
async function runTasks(evaluation: Evaluation, candidate: EvaluatedModel): Promise<void> {
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

function scoresOf({ scored }: Evaluation, key: string): Map<string, readonly (readonly Score[])[]> {
  const byModel = scored.get(key) ?? new Map<string, readonly (readonly Score[])[]>();
  scored.set(key, byModel);
  return byModel;
}

/** The items of a benchmark for models with this tokenizer. Warns when there are none. */
async function itemsFor(evaluation: Evaluation, index: number, tokenizer: Tokenizer): Promise<Prepared> {
  const { ctx, spec, benchmarks, prepared, told } = evaluation;
  const benchmarkSpec = spec.eval.benchmarks[index]!;
  const { dataDir } = spec;
  const { dir, chatTemplate } = tokenizer;
  const key = JSON.stringify([index, await hashTokenizer(dir), chatTemplate]);
  if (!prepared.has(key)) {
    const label = `reading questions of ${benchmarkSpec.name}`;
    ctx.emit({ type: "stage.progress", stage: "eval", label, ...uncounted });
    prepared.set(key, await makeItems(evaluation, index, tokenizer));
  }
  const made = prepared.get(key)!;
  // Each model is asked, and has the same to tell.
  const warn = (message: string): void => {
    if (!told.has(message)) ctx.emit({ type: "warning", stage: "eval", message });
    told.add(message);
  };
  const { name } = benchmarkSpec;
  const tooLong = made.skipped[tooLongReason] ?? 0;
  if (tooLong > 0)
    warn(`${name}: ${tooLong} of ${made.items.length + tooLong} rows are not asked: ${tooLongReason}`);
  if (made.items.length === 0 && tooLong === 0) {
    const { asksAbout } = benchmarks[index]!;
    warn(
      `${name}: expected held-out ${asksAbout ?? "examples to ask about"}, got none in ` +
        `${dataDir}; it has no figures`,
    );
  }
  return made;
}

/** Makes them, with `change` done to their documents. */
function makeItems(
  { spec, benchmarks }: Evaluation,
  index: number,
  tokenizer: Tokenizer,
  change?: DocumentChange,
): Promise<Prepared> {
  const { datasets, max_seq_tokens: maxSeqTokens, truncate } = spec.eval;
  const heldOut = { dataDir: spec.dataDir, datasets: datasets ?? undefined, change };
  const environment = { tokenizer, heldOut, maxSeqTokens, truncate };
  return benchmarks[index]!.items(environment, spec.eval.benchmarks[index]!);
}
