import { resolve } from "node:path";
import {
  type Emit,
  type RunEnd,
  type StageName,
  type Started,
  Stopped,
  type StopSignal,
  stageOrder,
} from "../contracts/events.ts";
import type { Recipe } from "../contracts/recipe.ts";
import { runPaths } from "../contracts/run-folder.ts";
import { messageOf } from "../errors.ts";
import { writeRecipe } from "../recipe/write.ts";
import { describeFailure } from "./failure.ts";
import { recipeWarnings } from "./recipe/recipe-warnings.ts";
import { releaseMemory } from "./release-memory.ts";
import { type Runner, runners } from "./runners.ts";
import { inputHash } from "./state/input-hash.ts";
import { lockRun } from "./state/lock.ts";
import { type LabelledModel, modelsOf, withTemplates } from "./state/models.ts";
import { beginStage, completeRecord, type KeptEvent, restorePrevious, writeRecord } from "./state/record.ts";
import { throwIfStopped } from "./stop.ts";

export interface PipelineOptions {
  /** Default: all. They run in the order of the pipeline, not in the order given. */
  stages?: readonly StageName[];
  emit: Emit;
  stop: StopSignal;
  /**
   * The command that continues after a stop. Default: one that runs this recipe with its defaults filled in.
   */
  resumeCommand?: string;
  started?: Started;
  /** Evaluate these instead of the run's own checkpoints. Results go to `<runDir>/compare`. */
  models?: readonly LabelledModel[];
  /** Called with every error, which also becomes a `run.end` event without its stack. */
  onError?: (error: unknown) => void;
  /** The functions that do the work of each stage. Tests replace them. */
  runners?: Readonly<Record<StageName, Runner>>;
}

/**
 * Runs a recipe's stages in order and reports everything by events, the last of which is `run.end`. Never
 * throws. A stage that is complete and whose inputs have not changed is skipped. When a stage fails, the
 * stages before it stay complete.
 */
export async function runPipeline(recipe: Recipe, options: PipelineOptions): Promise<RunEnd> {
  const runDir = resolve(recipe.output_dir);
  const startMs = performance.now();
  let end: RunEnd;
  try {
    await runStages(recipe, runDir, options);
    end = { type: "run.end", status: "done", runDir, durationMs: performance.now() - startMs };
  } catch (error) {
    if (error instanceof Stopped) {
      const resumeCommand = options.resumeCommand ?? `zebra run ${runPaths(runDir).recipe}`;
      end = { type: "run.end", status: "stopped", runDir, resumeCommand };
    } else {
      options.onError?.(error);
      const { code, message } = describeFailure(error, runDir);
      end = { type: "run.end", status: "failed", code, message };
    }
  }
  options.emit(end);
  return end;
}

async function runStages(recipe: Recipe, runDir: string, options: PipelineOptions): Promise<void> {
  const stages = stageOrder.filter((stage) => options.stages?.includes(stage) ?? true);
  await using _lock = await lockRun(runDir);
  options.emit({ type: "run.start", name: recipe.name, runDir, stages });
  await writeRecipe(runPaths(runDir).recipe, recipe);
  const done: StageName[] = [];
  if (stages.includes("mix"))
    for (const message of await recipeWarnings(recipe))
      options.emit({ type: "warning", stage: "mix", message });
  for (const stage of stages) {
    throwIfStopped(options.stop);
    if (await runStage(stage, recipe, runDir, options)) done.push(stage);
  }
  await tellVerdict(runDir, done, options);
}

/** The work is done by now: that there is no verdict on it is no failure. */
async function tellVerdict(
  runDir: string,
  done: readonly StageName[],
  { models, emit }: PipelineOptions,
): Promise<void> {
  const isCompared = models !== undefined && done.includes("eval");
  try {
    const { readVerdict } = await import("../eval/verdict/verdict.ts");
    emit({
      type: "run.verdict",
      ...(await readVerdict(isCompared ? runPaths(runDir).compare : runDir, done)),
    });
  } catch (error) {
    const message = `the run is done, but what it comes to could not be read: ${messageOf(error)}`;
    emit({ type: "warning", stage: done.at(-1) ?? "data", message });
  }
}

/** Tells of a device that later stages cannot use, before time goes into data and mix. */
async function requireDevices(recipe: Recipe, stages: readonly StageName[]): Promise<void> {
  const isEvaluated = stages.includes("eval") && asksAnything(recipe);
  const asked = [
    ...(stages.includes("finetune") ? [recipe.finetune.device] : []),
    ...(isEvaluated ? [recipe.eval.device] : []),
  ];
  const names = new Set(asked.filter((name) => name !== "auto" && name !== "cpu"));
  if (names.size === 0) return;
  const { requireDevice } = await import("../finetune/open-network.ts");
  for (const name of names) await requireDevice(name);
}

function asksAnything({ eval: { benchmarks, tasks } }: Recipe): boolean {
  return benchmarks.length + tasks.length > 0;
}

/** False for a stage that the recipe leaves out. */
async function runStage(
  stage: StageName,
  recipe: Recipe,
  runDir: string,
  options: PipelineOptions,
): Promise<boolean> {
  const { emit } = options;
  if (stage === "eval" && !asksAnything(recipe)) {
    emit({ type: "stage.skip", stage, reason: "the recipe names no benchmarks and no tasks" });
    return false;
  }
  const compared =
    stage === "eval" && options.models ? await withTemplates(options.models, recipe) : undefined;
  const stageDir = compared ? runPaths(runDir).compare : runDir;
  const hash = await inputHash(stage, recipe, compared);
  await restorePrevious(stageDir, stage, hash);
  const complete = await completeRecord(stageDir, stage, hash);
  if (complete) {
    emit({ type: "stage.skip", stage, reason: "complete, and nothing it depends on has changed" });
    for (const event of complete.results) emit(event);
    return true;
  }
  if (stage === "data" || stage === "mix") await requireDevices(recipe, options.stages ?? stageOrder);
  const { previous, removed } = await beginStage(stageDir, stage, hash);
  emit({ type: "stage.start", stage });
  if (removed) {
    const message = "unfinished work of a run with other inputs was removed; what is complete is kept";
    emit({ type: "warning", stage, message });
  }
  const startMs = performance.now();
  const results: KeptEvent[] = [];
  let summary: Record<string, string | number> = {};
  // The start and end of a stage are emitted only here, when its state is on disk. The stage gives its
  // summary.
  const stageEmit: Emit = (event) => {
    if (event.type === "stage.start") return;
    if (event.type === "stage.end") {
      summary = event.summary;
      return;
    }
    if (event.type === "eval.result" || event.type === "eval.difference" || event.type === "ledger") {
      results.push(event);
    }
    emit(event);
  };
  const run = (options.runners ?? runners)[stage];
  const inputs = { dataDir: runPaths(runDir).data, models: compared ?? modelsOf(recipe, runDir) };
  const { stop, started } = options;
  const ctx = { runDir: stageDir, inputHash: hash, emit: stageEmit, stop, ...(started && { started }) };
  if (stage === "finetune" || stage === "eval") releaseMemory();
  try {
    await run(ctx, recipe, inputs);
  } catch (error) {
    const message = `results from other inputs are in ${previous}; a run with those inputs takes them back`;
    if (previous) emit({ type: "warning", stage, message });
    throw error;
  }
  const durationMs = performance.now() - startMs;
  await writeRecord(stageDir, { stage, inputHash: hash, durationMs, summary, results });
  emit({ type: "stage.end", stage, durationMs, summary });
  return true;
}
