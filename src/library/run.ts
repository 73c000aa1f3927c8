import { resolve } from "node:path";
import type { RunEnd, RunEvent, StageName } from "../contracts/events.ts";
import type { Recipe } from "../contracts/recipe.ts";
import { ZebraError } from "../errors.ts";
import { startRun } from "../run/start.ts";
import type { LabelledModel } from "../run/state/models.ts";
import { checkRecipe } from "./define-recipe.ts";
import type { RecipeInput } from "./recipe/recipe.ts";
import { type RunFiles, runFiles } from "./run-files.ts";

export interface RunOptions {
  /** Where relative paths of the recipe start. Default: the working directory. */
  baseDir?: string | undefined;
  /**
   * Stops the run after the work in hand, with a checkpoint; the call then rejects with a ZebraError of code
   * `E_STOPPED`. The same call goes on from there.
   */
  signal?: AbortSignal | undefined;
  /** Called with everything that happens, in order. What it throws stops the run and is thrown on. */
  onEvent?: ((event: RunEvent) => void) | undefined;
}

/** What became of a stage: it ran, or it was complete already. */
export type StageReport =
  | { ran: true; durationMs: number; summary: Readonly<Record<string, string | number>> }
  | { ran: false; reason: string };

/** What every run tells, whichever stages it had. */
export interface RunReport {
  name: string;
  /** The run's folder, absolute. */
  runDir: string;
  durationMs: number;
  /** The stages that were asked for. */
  stages: Readonly<Partial<Record<StageName, StageReport>>>;
  warnings: readonly { stage: StageName; message: string }[];
  /** Where things are, absolute. */
  files: RunFiles;
}

export interface StagesToRun {
  stages?: readonly StageName[];
  models?: readonly LabelledModel[];
}

/**
 * Runs stages of a recipe in a thread of their own, which ends with the run, and tells what came of it. Throws
 * ConfigError before any work, and ZebraError for a run that failed or was stopped.
 */
export async function runStages(
  input: RecipeInput | string,
  { baseDir, signal, onEvent }: RunOptions,
  part: StagesToRun = {},
): Promise<{ recipe: Recipe; report: RunReport }> {
  const recipe = await checkRecipe(input, { baseDir });
  const runDir = resolve(recipe.output_dir);
  if (signal?.aborted) throw stopped(runDir, signal);
  const stages: Partial<Record<StageName, StageReport>> = {};
  const warnings: { stage: StageName; message: string }[] = [];
  const told: { error: unknown }[] = [];
  const stacks: string[] = [];
  const run = startRun(recipe, {
    ...part,
    onStack: (stack) => stacks.push(stack),
    emit(event) {
      if (event.type === "stage.skip") stages[event.stage] = { ran: false, reason: event.reason };
      if (event.type === "stage.end")
        stages[event.stage] = { ran: true, durationMs: event.durationMs, summary: event.summary };
      if (event.type === "warning") warnings.push({ stage: event.stage, message: event.message });
      if (told.length > 0) return;
      try {
        onEvent?.(event);
      } catch (error) {
        told.push({ error });
        run.stop();
      }
    },
  });
  const stop = () => run.stop();
  signal?.addEventListener("abort", stop, { once: true });
  const end = await run.finished.finally(() => signal?.removeEventListener("abort", stop));
  if (told[0]) throw told[0].error;
  if (end.status !== "done") throw endedBadly(end, runDir, signal, stacks);
  const { durationMs } = end;
  const files = runFiles(runDir, part.models !== undefined);
  return { recipe, report: { name: recipe.name, runDir, durationMs, stages, warnings, files } };
}

function endedBadly(
  end: Exclude<RunEnd, { status: "done" }>,
  runDir: string,
  signal: AbortSignal | undefined,
  stacks: readonly string[],
): ZebraError {
  if (end.status === "stopped") return stopped(runDir, signal);
  // The stack of the other thread: the one of this error says only who asked.
  const cause = new Error(end.message);
  const stack = stacks.at(-1);
  if (stack !== undefined) cause.stack = stack;
  return new ZebraError(end.code, end.message, { cause });
}

function stopped(runDir: string, signal: AbortSignal | undefined): ZebraError {
  const message = `${runDir}: stopped on request, with what is done kept. The same call goes on from there.`;
  return new ZebraError("E_STOPPED", message, { cause: signal?.reason });
}
