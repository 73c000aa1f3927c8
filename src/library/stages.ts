import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { findModel } from "../checkpoint/model-folder.ts";
import type { RunEvent } from "../contracts/events.ts";
import { mixPaths } from "../contracts/run-folder.ts";
import { type DataManifest, readDataManifest } from "../datasets/folder/data-folder.ts";
import type { Results } from "../eval/results/results.ts";
import type { TrainingMetric } from "../finetune/metrics/metrics.ts";
import type { MixManifest } from "../mixing/manifest.ts";
import type { LabelledModel } from "../run/state/models.ts";
import { asTheyCome } from "./as-they-come.ts";
import type { RecipeInput } from "./recipe/recipe.ts";
import { type RunOptions, type RunReport, runStages } from "./run.ts";

/** What `data` made. */
export interface DataResult extends RunReport {
  /** `data/manifest.json`: what was read, kept and dropped, by dataset. */
  data: DataManifest;
}

/** What `mix` made. */
export interface MixResult extends DataResult {
  /** `mix/manifest.json`: what was asked for and what there is. */
  mix: MixManifest;
}

/** What `finetune` made. Its checkpoint is at `files.checkpoint`. */
export interface FinetuneResult extends MixResult {
  /** Every step and every validation, in order. */
  metrics: TrainingMetric[];
}

/** What `evaluate` made. */
export interface EvaluateResult extends RunReport {
  /** `eval/results.json`; null where the recipe names no benchmarks and no tasks. */
  results: Results | null;
}

/** What a whole run made. */
export type RunResult = FinetuneResult & EvaluateResult;

export interface EvaluateOptions extends RunOptions {
  /**
   * Measure these folders (checkpoints or PEFT adapters, by the label that they get in the results) instead
   * of the recipe's model before and after. Nothing is trained; results lie in `compare/` of the run's
   * folder.
   */
  checkpoints?: Readonly<Record<string, string>> | undefined;
}

/**
 * Runs a recipe, an object or the path of a YAML file: data, mix, finetune, eval. A stage that is complete
 * and whose inputs did not change is not run again. The work is in a thread of its own, so events arrive
 * while it runs. Throws ConfigError for a recipe that cannot be used, before any work, else ZebraError with
 * a `code`.
 */
export async function run(recipe: RecipeInput | string, options: RunOptions = {}): Promise<RunResult> {
  const { report } = await runStages(recipe, options);
  return { ...(await tuned(report)), results: await readResults(report) };
}

/**
 * The same as an async iterator of events. Leaving the loop early stops the run, with a checkpoint. What
 * `run` would return is the value that the iterator returns.
 */
export function runEvents(
  recipe: RecipeInput | string,
  options: RunOptions = {},
): AsyncGenerator<RunEvent, RunResult, undefined> {
  return asTheyCome(({ tell, signal }) => {
    const onEvent = (event: RunEvent) => {
      options.onEvent?.(event);
      tell(event);
    };
    return run(recipe, { ...options, signal, onEvent });
  }, options.signal);
}

/** The first stage: sources → examples. */
export async function data(recipe: RecipeInput | string, options: RunOptions = {}): Promise<DataResult> {
  const { report } = await runStages(recipe, options, { stages: ["data"] });
  return { ...report, data: readDataManifest(report.files.data) };
}

/** Examples → packs. Makes the data first where they are not made. */
export async function mix(recipe: RecipeInput | string, options: RunOptions = {}): Promise<MixResult> {
  const { report } = await runStages(recipe, options, { stages: ["data", "mix"] });
  return mixed(report);
}

/** Packs → the tuned checkpoint. Makes what comes before first where it is not made. */
export async function finetune(
  recipe: RecipeInput | string,
  options: RunOptions = {},
): Promise<FinetuneResult> {
  const { report } = await runStages(recipe, options, { stages: ["data", "mix", "finetune"] });
  return tuned(report);
}

/**
 * Measures the recipe's model before and after tuning (which is done first where it is not done), or the
 * checkpoints named in the options, without training.
 */
export async function evaluate(
  recipe: RecipeInput | string,
  { checkpoints, ...options }: EvaluateOptions = {},
): Promise<EvaluateResult> {
  const models = checkpoints && (await labelled(checkpoints, options.baseDir ?? "."));
  const { report } = await runStages(recipe, options, models ? { models, stages: ["data", "eval"] } : {});
  return { ...report, results: await readResults(report) };
}

async function labelled(
  checkpoints: Readonly<Record<string, string>>,
  baseDir: string,
): Promise<LabelledModel[]> {
  const models = Object.entries(checkpoints).map(([label, dir]) => ({ label, dir: resolve(baseDir, dir) }));
  for (const { dir } of models) await findModel(dir);
  return models;
}

async function mixed(report: RunReport): Promise<MixResult> {
  const { manifest } = mixPaths(report.files.mix);
  const mix = JSON.parse(await readFile(manifest, "utf8")) as MixManifest;
  return { ...report, data: readDataManifest(report.files.data), mix };
}

async function tuned(report: RunReport): Promise<FinetuneResult> {
  const lines = (await readFile(report.files.metrics, "utf8")).split("\n").filter((line) => line !== "");
  return { ...(await mixed(report)), metrics: lines.map((line) => JSON.parse(line) as TrainingMetric) };
}

async function readResults({ files, stages }: RunReport): Promise<Results | null> {
  const { eval: stage } = stages;
  // An evaluation that the recipe leaves out may have results of an earlier recipe in its folder.
  if (stage?.ran === false && stage.reason.includes("no benchmarks")) return null;
  if (!existsSync(files.results)) return null;
  return JSON.parse(await readFile(files.results, "utf8")) as Results;
}
