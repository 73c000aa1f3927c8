import type { RunEnd, StageName } from "../../contracts/events.ts";
import type { Recipe } from "../../contracts/recipe.ts";
import { describeFailure } from "../../run/failure.ts";
import { loadRecipe } from "../../run/recipe/load-recipe.ts";
import { type StartedRun, startRun } from "../../run/start.ts";
import type { LabelledModel } from "../../run/state/models.ts";
import { exitCode, exitCodeOf, isDebug } from "../exit.ts";
import { invocation, program } from "../invocation.ts";
import { writeNote } from "../output/note.ts";
import { type Output, type OutputMode, openOutput, writeJsonEvent } from "../output/output.ts";
import { watchWork } from "./in-hand.ts";
import { listenForStop } from "./stop-request.ts";

export interface RunRecipeOptions {
  recipePath: string;
  overrides: readonly string[];
  mode: OutputMode;
  stages?: readonly StageName[];
  models?: readonly LabelledModel[];
  /** Another run follows: the screen does not wait for a key at the end. */
  isFollowed?: boolean;
}

/**
 * Loads a recipe, runs its stages in a worker thread, shows their events in the given mode, and returns the
 * exit code.
 */
export async function runRecipe(options: RunRecipeOptions): Promise<number> {
  const { mode, stages, models } = options;
  let recipe: Recipe;
  try {
    recipe = await loadRecipe(options.recipePath, options.overrides, writeNote);
  } catch (error) {
    const { code, message } = describeFailure(error);
    if (mode === "json") writeJsonEvent({ type: "run.end", status: "failed", code, message });
    throw error;
  }
  const stacks: string[] = [];
  let started: { output: Output; run: StartedRun } | undefined;
  const inHand = watchWork();
  const stops = listenForStop({
    onFirst() {
      if (!started) process.exit(exitCode.stopped);
      started.output.note("stopping after the work in hand; what is done is kept");
      started.run.stop();
    },
    onSecond() {
      const message = `still stopping: waiting for ${inHand.text()}. Ctrl-C once more leaves at once`;
      started?.output.urge(inHand.stage, message);
    },
    onThird() {
      writeNote(`left at once; go on with: ${invocation()}`);
      process.exit(exitCode.stopped);
    },
  });
  let isOver = false;
  const onClosed = () => {
    if (isOver) return;
    started?.output.note("stdout was closed: stopping after the work in hand");
    started?.run.stop();
  };
  const output = await openOutput(
    mode,
    { name: recipe.name, recipe },
    { onStop: stops.request, onClosed },
    { ...(models && { models: models.length }), ...(options.isFollowed && { lingerMs: 0 }) },
  );
  const run = startRun(recipe, {
    emit(event) {
      inHand.see(event);
      output.emit(event);
    },
    resumeCommand: invocation(),
    started: { command: invocation(), program: program() },
    onStack: (stack) => stacks.push(stack),
    ...(stages && { stages }),
    ...(models && { models }),
  });
  started = { output, run };
  const end = await run.finished;
  isOver = true;
  await output.finished(end);
  stops.dispose();
  if (isDebug()) for (const stack of stacks) process.stderr.write(`${stack}\n`);
  return codeOfEnd(end);
}

function codeOfEnd(end: RunEnd): number {
  if (end.status === "done") return exitCode.ok;
  return end.status === "stopped" ? exitCode.stopped : exitCodeOf(end.code);
}
